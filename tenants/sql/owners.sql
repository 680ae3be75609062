-- Who owns a tenant of which nobody said so: whom it was mapped to, else its oldest administrator.
UPDATE tenants_profile AS profile
   SET owner_email = known.email
  FROM (
        SELECT tenant.id,
               COALESCE(
                   (SELECT mapping.owner_email FROM tenants_mapping AS mapping WHERE mapping.tenant_id = tenant.id),
                   (SELECT login.email
                      FROM tenants_membership AS member JOIN tenants_user AS login ON login.id = member.user_id
                     WHERE member.tenant_id = tenant.id AND member.role = 'administrator'
                     ORDER BY member.created_at, member.id
                     LIMIT 1)
               ) AS email
          FROM tenants_tenant AS tenant
         WHERE tenant.kind <> 'provider'
       ) AS known
 WHERE known.id = profile.tenant_id AND profile.owner_email = '' AND known.email IS NOT NULL;

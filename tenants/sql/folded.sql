-- Names are searched for without the marks of their letters.
DROP INDEX tenants_profile_name_has;
CREATE INDEX tenants_profile_name_has ON tenants_profile USING gin (folded(name::text) gin_trgm_ops);
DROP INDEX tenants_profile_owner_has;
CREATE INDEX tenants_profile_owner_has ON tenants_profile USING gin (folded(owner_email::text) gin_trgm_ops);

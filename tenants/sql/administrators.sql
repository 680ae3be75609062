-- A tenant that had an active administrator keeps one, whatever SQL says: else nobody could let anybody in again.
-- The tenant's row is locked first, so that two who demote each other at once wait for one another. A closed tenant
-- needs nobody.

CREATE FUNCTION tenants_keep_administrator(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM tenants_tenant WHERE id = wanted AND status <> 'closed' FOR NO KEY UPDATE;
  IF FOUND AND NOT EXISTS (
    SELECT FROM tenants_membership m JOIN tenants_user u ON u.id = m.user_id
     WHERE m.tenant_id = wanted AND m.role = 'administrator' AND u.is_active
  ) THEN
    RAISE EXCEPTION 'Tenant % must keep an active administrator.', wanted
      USING ERRCODE = 'check_violation', CONSTRAINT = 'tenants_last_administrator', TABLE = 'tenants_membership';
  END IF;
END $$;

CREATE FUNCTION tenants_membership_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tenants_keep_administrator(OLD.tenant_id);
  RETURN NULL;
END $$;

CREATE TRIGGER tenants_membership_removed AFTER DELETE ON tenants_membership
  FOR EACH ROW WHEN (OLD.role = 'administrator') EXECUTE FUNCTION tenants_membership_kept();
CREATE TRIGGER tenants_membership_changed AFTER UPDATE OF role, user_id, tenant_id ON tenants_membership
  FOR EACH ROW WHEN (OLD.role = 'administrator' AND (OLD.role, OLD.user_id, OLD.tenant_id) <> (NEW.role, NEW.user_id, NEW.tenant_id))
  EXECUTE FUNCTION tenants_membership_kept();

CREATE FUNCTION tenants_user_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tenants_keep_administrator(tenant_id)
     FROM (SELECT tenant_id FROM tenants_membership
            WHERE user_id = NEW.id AND role = 'administrator' ORDER BY 1 OFFSET 0) AS places;
  RETURN NULL;
END $$;

CREATE TRIGGER tenants_user_deactivated AFTER UPDATE OF is_active ON tenants_user
  FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION tenants_user_kept();

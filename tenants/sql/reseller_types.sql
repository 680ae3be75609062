-- A provider that has types of reseller keeps one that can be chosen, whatever SQL says. The settings are locked first,
-- so that two who each switch off another wait for one another.
CREATE FUNCTION tenants_keep_reseller_type() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM tenants_providersettings WHERE tenant_id = OLD.provider_id FOR NO KEY UPDATE;
  IF NOT EXISTS (SELECT FROM tenants_resellertypesetting WHERE provider_id = OLD.provider_id AND is_enabled) THEN
    RAISE EXCEPTION 'Provider % must keep a type of reseller.', OLD.provider_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'tenants_reseller_type_left', TABLE = 'tenants_resellertypesetting';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER tenants_reseller_type_off AFTER UPDATE OF is_enabled, provider_id ON tenants_resellertypesetting
  FOR EACH ROW WHEN (OLD.is_enabled) EXECUTE FUNCTION tenants_keep_reseller_type();
CREATE TRIGGER tenants_reseller_type_gone AFTER DELETE ON tenants_resellertypesetting
  FOR EACH ROW WHEN (OLD.is_enabled) EXECUTE FUNCTION tenants_keep_reseller_type();

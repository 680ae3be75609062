-- A phase of support ends on no day that is past, by what the house last said about support; it lives beside the models.
CREATE FUNCTION tenants_support_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.ends_on < tenants_support_today(NEW.provider_id, NULL) THEN
    RAISE EXCEPTION 'Support of tenant % goes on: it does not end on a day that is past.', NEW.tenant_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tenants_support_ends BEFORE UPDATE OF ends_on ON tenants_supportphase
  FOR EACH ROW EXECUTE FUNCTION tenants_support_ends();

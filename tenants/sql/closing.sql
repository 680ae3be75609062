-- A closed tenant stays closed, nothing open stands beneath it, and nothing is put there.
CREATE FUNCTION tenants_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.status = 'closed' AND NEW.status <> 'closed' THEN
    RAISE EXCEPTION 'Tenant % is closed for good.', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.status <> 'closed' THEN
    IF EXISTS (SELECT FROM tenants_tenant WHERE id = NEW.parent_id AND status = 'closed') THEN
      RAISE EXCEPTION 'The seller of tenant % is closed.', NEW.id USING ERRCODE = 'check_violation';
    END IF;
  ELSIF EXISTS (SELECT FROM tenants_tenant WHERE parent_id = NEW.id AND status <> 'closed') THEN
    RAISE EXCEPTION 'Open tenants stand beneath tenant %.', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tenants_closing BEFORE INSERT OR UPDATE OF status, parent_id ON tenants_tenant
  FOR EACH ROW EXECUTE FUNCTION tenants_closing();

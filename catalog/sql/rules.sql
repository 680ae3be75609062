-- The rules of the catalogue that hold against any SQL of the application's login; they live beside the models.

-- What belongs together has one provider.
ALTER TABLE catalog_serviceinstance ADD CONSTRAINT service_instance_in_house
  FOREIGN KEY (service_type_id, provider_id) REFERENCES catalog_servicetype (id, provider_id);
ALTER TABLE catalog_package ADD CONSTRAINT package_in_house
  FOREIGN KEY (service_type_id, provider_id) REFERENCES catalog_servicetype (id, provider_id);

-- A package is owned by its provider or by a reseller of it.
CREATE FUNCTION catalog_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM tenants_tenant t WHERE t.id = NEW.tenant_id
                    AND coalesce(t.provider_id, t.id) = NEW.provider_id AND t.kind <> 'customer') THEN
    RAISE EXCEPTION 'Tenant % cannot own a package of provider %.', NEW.tenant_id, NEW.provider_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER catalog_owner BEFORE INSERT OR UPDATE OF tenant_id, provider_id ON catalog_package
  FOR EACH ROW EXECUTE FUNCTION catalog_owner();

-- The limits of a package are of resources of its service type.
CREATE FUNCTION catalog_limit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM catalog_package p JOIN catalog_resource r USING (service_type_id)
                  WHERE p.id = NEW.package_id AND r.id = NEW.resource_id) THEN
    RAISE EXCEPTION 'Resource % is not of the service type of package %.', NEW.resource_id, NEW.package_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER catalog_limit BEFORE INSERT OR UPDATE OF package_id, resource_id ON catalog_packageresource
  FOR EACH ROW EXECUTE FUNCTION catalog_limit();

-- Nothing changes its service type: limits, add-ons and subscriptions rest on it.
CREATE FUNCTION catalog_keeps_type() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% % keeps its service type.', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER catalog_keeps_type BEFORE UPDATE OF service_type_id ON catalog_package
  FOR EACH ROW WHEN (OLD.service_type_id <> NEW.service_type_id) EXECUTE FUNCTION catalog_keeps_type();
CREATE TRIGGER catalog_keeps_type BEFORE UPDATE OF service_type_id ON catalog_resource
  FOR EACH ROW WHEN (OLD.service_type_id <> NEW.service_type_id) EXECUTE FUNCTION catalog_keeps_type();
CREATE TRIGGER catalog_keeps_type BEFORE UPDATE OF service_type_id ON catalog_serviceinstance
  FOR EACH ROW WHEN (OLD.service_type_id <> NEW.service_type_id) EXECUTE FUNCTION catalog_keeps_type();

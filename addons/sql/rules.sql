-- The rules of add-ons that hold against any SQL of the application's login; they live beside the models.

-- What belongs together has one provider and one service type.
ALTER TABLE addons_addon
  ADD CONSTRAINT add_on_in_house FOREIGN KEY (service_type_id, provider_id)
    REFERENCES catalog_servicetype (id, provider_id),
  ADD CONSTRAINT add_on_like_original FOREIGN KEY (copied_from_id, service_type_id, provider_id)
    REFERENCES addons_addon (id, service_type_id, provider_id),
  ADD CONSTRAINT add_on_not_its_own_copy CHECK (copied_from_id <> id);
ALTER TABLE addons_addonsale
  ADD CONSTRAINT add_on_sale_subscription FOREIGN KEY (subscription_id, provider_id)
    REFERENCES subscriptions_subscription (id, provider_id),
  ADD CONSTRAINT add_on_sale_add_on FOREIGN KEY (add_on_id, provider_id) REFERENCES addons_addon (id, provider_id);
ALTER TABLE addons_bulksale
  ADD CONSTRAINT bulk_sale_add_on FOREIGN KEY (add_on_id, provider_id) REFERENCES addons_addon (id, provider_id);

-- An add-on is owned by its provider or by a reseller of it, and keeps owner, service type and original.
CREATE FUNCTION addons_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'Add-on % keeps its owner, its service type and what it was copied from.', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM tenants_tenant t WHERE t.id = NEW.tenant_id
                    AND coalesce(t.provider_id, t.id) = NEW.provider_id AND t.kind <> 'customer') THEN
    RAISE EXCEPTION 'Tenant % cannot own an add-on of provider %.', NEW.tenant_id, NEW.provider_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER addons_owner BEFORE INSERT ON addons_addon FOR EACH ROW EXECUTE FUNCTION addons_owner();
CREATE TRIGGER addons_owner_kept BEFORE UPDATE OF id, provider_id, tenant_id, service_type_id, copied_from_id
  ON addons_addon FOR EACH ROW
  WHEN ((OLD.id, OLD.provider_id, OLD.tenant_id, OLD.service_type_id, OLD.copied_from_id) IS DISTINCT FROM
        (NEW.id, NEW.provider_id, NEW.tenant_id, NEW.service_type_id, NEW.copied_from_id))
  EXECUTE FUNCTION addons_owner();

-- What an add-on raises, and what it can be sold on, is of its service type. For a whole statement at once.
CREATE FUNCTION addons_of_type() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong bigint;
BEGIN
  IF TG_TABLE_NAME = 'addons_addonresource' THEN
    SELECT r.id INTO wrong FROM written w JOIN addons_addon a ON a.id = w.add_on_id
      JOIN catalog_resource r ON r.id = w.resource_id AND r.service_type_id <> a.service_type_id LIMIT 1;
  ELSE
    SELECT p.id INTO wrong FROM written w JOIN addons_addon a ON a.id = w.add_on_id
      JOIN catalog_package p ON p.id = w.package_id
       AND (p.service_type_id, p.provider_id) <> (a.service_type_id, a.provider_id) LIMIT 1;
  END IF;
  IF FOUND THEN
    RAISE EXCEPTION 'Row % is of another service type than the add-on (%).', wrong, TG_TABLE_NAME
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER addons_resource_inserted AFTER INSERT ON addons_addonresource
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION addons_of_type();
CREATE TRIGGER addons_resource_updated AFTER UPDATE ON addons_addonresource
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION addons_of_type();
CREATE TRIGGER addons_package_inserted AFTER INSERT ON addons_addonpackage
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION addons_of_type();
CREATE TRIGGER addons_package_updated AFTER UPDATE ON addons_addonpackage
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION addons_of_type();

-- A sale is to the holder of the subscription, by its seller, of an add-on of its service type.
CREATE FUNCTION addons_sold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong bigint;
BEGIN
  SELECT w.subscription_id INTO wrong FROM written w
    LEFT JOIN subscriptions_subscription s
      ON s.id = w.subscription_id AND s.tenant_id = w.tenant_id AND s.seller_id = w.seller_id
    LEFT JOIN addons_addon a ON a.id = w.add_on_id AND a.service_type_id = s.service_type_id
   WHERE a.id IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Holder, seller or service type of a sale are not those of subscription %.', wrong
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER addons_sold AFTER INSERT ON addons_addonsale
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION addons_sold();

-- A sale can end, once; nothing else of it ever changes.
CREATE FUNCTION addons_sale_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Sale % is a fact: it can end, and nothing else of it changes.', OLD.id
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER addons_sale_kept BEFORE UPDATE ON addons_addonsale FOR EACH ROW
  WHEN (OLD.state <> 'active'
     OR (OLD.id, OLD.provider_id, OLD.tenant_id, OLD.seller_id, OLD.subscription_id, OLD.add_on_id, OLD.quantity,
         OLD.unit_price, OLD.unit_cost, OLD.currency, OLD.cycle, OLD.sold_at, OLD.job_item_id, OLD.request_id)
        IS DISTINCT FROM
        (NEW.id, NEW.provider_id, NEW.tenant_id, NEW.seller_id, NEW.subscription_id, NEW.add_on_id, NEW.quantity,
         NEW.unit_price, NEW.unit_cost, NEW.currency, NEW.cycle, NEW.sold_at, NEW.job_item_id, NEW.request_id))
  EXECUTE FUNCTION addons_sale_kept();
CREATE TRIGGER addons_sale_stays BEFORE DELETE ON addons_addonsale FOR EACH ROW EXECUTE FUNCTION addons_sale_kept();

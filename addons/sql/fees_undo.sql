DROP TRIGGER catalog_kept ON addons_bulkprice;
DROP TRIGGER catalog_kept ON addons_addonsalecost;
DROP TRIGGER catalog_kept ON addons_addonresource;
DROP TRIGGER catalog_kept ON addons_addonversion;
DROP TRIGGER addons_sale_kept ON addons_addonsale;
CREATE TRIGGER addons_sale_kept BEFORE UPDATE ON addons_addonsale FOR EACH ROW
  WHEN (OLD.state <> 'active'
     OR (OLD.id, OLD.provider_id, OLD.tenant_id, OLD.seller_id, OLD.subscription_id, OLD.add_on_id, OLD.quantity,
         OLD.unit_price, OLD.unit_cost, OLD.currency, OLD.cycle, OLD.sold_at, OLD.job_item_id, OLD.request_id)
        IS DISTINCT FROM
        (NEW.id, NEW.provider_id, NEW.tenant_id, NEW.seller_id, NEW.subscription_id, NEW.add_on_id, NEW.quantity,
         NEW.unit_price, NEW.unit_cost, NEW.currency, NEW.cycle, NEW.sold_at, NEW.job_item_id, NEW.request_id))
  EXECUTE FUNCTION addons_sale_kept();
DROP TRIGGER addons_cost ON addons_addonsalecost;
DROP FUNCTION addons_cost();
CREATE OR REPLACE FUNCTION addons_sold() RETURNS trigger LANGUAGE plpgsql AS $$
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
DROP TRIGGER addons_fee_shared ON catalog_fee;
DROP FUNCTION addons_fee_shared();
DROP TRIGGER addons_version_shared ON addons_addonversion;
DROP FUNCTION addons_version_shared();
DROP TRIGGER addons_shared ON addons_addon;
DROP FUNCTION addons_shared();
DROP FUNCTION addons_standing(bigint);
DROP TRIGGER addons_version_pair ON addons_addonversion;
DROP FUNCTION addons_version_pair();
CREATE OR REPLACE FUNCTION addons_of_type() RETURNS trigger LANGUAGE plpgsql AS $$
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

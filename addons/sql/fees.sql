-- What holds of the versions of add-ons and of what sales owe against any SQL of the application's login.

-- What a version raises is of the add-on's service type. For a whole statement at once.
CREATE OR REPLACE FUNCTION addons_of_type() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong bigint;
BEGIN
  IF TG_TABLE_NAME = 'addons_addonresource' THEN
    SELECT r.id INTO wrong FROM written w JOIN addons_addonversion v ON v.id = w.version_id
      JOIN addons_addon a ON a.id = v.add_on_id
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

-- The pair of fees is one, as that of a package is. Copies are made by the statement that makes their fees: hence after.
CREATE FUNCTION addons_version_pair() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT catalog_pair(NEW.reseller_fee_id, NEW.account_fee_id,
                      (SELECT tenant_id FROM addons_addon WHERE id = NEW.add_on_id)) THEN
    RAISE EXCEPTION 'Fees % and % do not fit add-on %.', NEW.reseller_fee_id, NEW.account_fee_id, NEW.add_on_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER addons_version_pair AFTER INSERT ON addons_addonversion
  FOR EACH ROW EXECUTE FUNCTION addons_version_pair();

-- What an add-on that resellers see says today or will say rests on no account fee that the provider keeps to itself.
CREATE FUNCTION addons_standing(add_on bigint) RETURNS SETOF addons_addonversion LANGUAGE sql STABLE AS $$
  SELECT v.* FROM addons_addonversion v
   WHERE v.add_on_id = add_on AND NOT EXISTS (
     SELECT FROM addons_addonversion l
      WHERE l.add_on_id = v.add_on_id AND (l.effective_on, l.id) > (v.effective_on, v.id)
        AND (l.effective_on = v.effective_on OR l.effective_on <= (now() AT TIME ZONE 'UTC')::date))
$$;
CREATE FUNCTION addons_shared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalog_fee_kept_back(account_fee_id) FROM addons_standing(NEW.id) WHERE account_fee_id IS NOT NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER addons_shared AFTER UPDATE OF is_shared, tenant_id ON addons_addon
  FOR EACH ROW WHEN (NEW.is_shared OR NEW.tenant_id <> NEW.provider_id) EXECUTE FUNCTION addons_shared();
CREATE FUNCTION addons_version_shared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM addons_addon WHERE id = NEW.add_on_id FOR SHARE;
  PERFORM catalog_fee_kept_back(NEW.account_fee_id) FROM addons_addon
    WHERE id = NEW.add_on_id AND (is_shared OR tenant_id <> provider_id);
  RETURN NEW;
END $$;
CREATE TRIGGER addons_version_shared AFTER INSERT ON addons_addonversion
  FOR EACH ROW WHEN (NEW.account_fee_id IS NOT NULL) EXECUTE FUNCTION addons_version_shared();
CREATE FUNCTION addons_fee_shared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM addons_addon a
              WHERE (a.is_shared OR a.tenant_id <> a.provider_id)
                AND a.id IN (SELECT add_on_id FROM addons_addonversion WHERE account_fee_id = NEW.id)
                AND EXISTS (SELECT FROM addons_standing(a.id) WHERE account_fee_id = NEW.id)) THEN
    RAISE EXCEPTION 'Fee % is the account fee of an add-on that is shared.', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER addons_fee_shared AFTER UPDATE OF is_shared ON catalog_fee
  FOR EACH ROW WHEN (NEW.kind = 'account' AND NEW.tenant_id = NEW.provider_id AND NOT NEW.is_shared)
  EXECUTE FUNCTION addons_fee_shared();

-- A sale is to the holder of the subscription, by its seller, of a version of an add-on of its service type; the seller,
-- or for one who sells on commission somebody above it, issues it, on the terms of fees that there are.
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
  PERFORM FROM (SELECT DISTINCT add_on_id, version_id, seller_id, issuer_id, fee_version_id, cost_fee_version_id,
                       provider_id FROM written) AS w
    LEFT JOIN addons_addonversion v ON v.id = w.version_id AND v.add_on_id = w.add_on_id
    LEFT JOIN tenants_tenant seller ON seller.id = w.seller_id AND w.issuer_id = ANY (seller.ancestors)
    LEFT JOIN catalog_feeversion f ON f.id = w.fee_version_id
    LEFT JOIN catalog_feeversion c ON c.id = w.cost_fee_version_id
    LEFT JOIN catalog_fee ff ON ff.id = f.fee_id AND ff.provider_id = w.provider_id
    LEFT JOIN catalog_fee cf ON cf.id = c.fee_id AND cf.provider_id = w.provider_id
   WHERE v.id IS NULL OR seller.id IS NULL OR (w.fee_version_id IS NOT NULL AND ff.id IS NULL)
      OR (w.cost_fee_version_id IS NOT NULL AND cf.id IS NULL) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Version, issuer or fees of a sale do not belong to it.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- What is owed above the seller: between two of those above, once for each.
CREATE FUNCTION addons_cost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM written w
    LEFT JOIN addons_addonsale s ON s.id = w.sale_id AND s.provider_id = w.provider_id
    LEFT JOIN tenants_tenant seller ON seller.id = s.seller_id AND w.payer_id = ANY (seller.ancestors)
    LEFT JOIN tenants_tenant payer ON payer.id = w.payer_id AND w.issuer_id = ANY (payer.ancestors)
   WHERE seller.id IS NULL OR payer.id IS NULL OR w.payer_id = s.seller_id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'What is owed above a sale is owed by those above its seller.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER addons_cost AFTER INSERT ON addons_addonsalecost
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION addons_cost();

-- A sale can end, once; nothing else of it ever changes.
DROP TRIGGER addons_sale_kept ON addons_addonsale;
CREATE TRIGGER addons_sale_kept BEFORE UPDATE ON addons_addonsale FOR EACH ROW
  WHEN (OLD.state <> 'active'
     OR (OLD.id, OLD.provider_id, OLD.tenant_id, OLD.seller_id, OLD.subscription_id, OLD.add_on_id, OLD.version_id,
         OLD.issuer_id, OLD.quantity, OLD.unit_price, OLD.unit_cost, OLD.currency, OLD.cycle, OLD.fee_version_id,
         OLD.cost_cycle, OLD.cost_fee_version_id, OLD.applies_more_than_once, OLD.sold_at, OLD.job_item_id,
         OLD.request_id)
        IS DISTINCT FROM
        (NEW.id, NEW.provider_id, NEW.tenant_id, NEW.seller_id, NEW.subscription_id, NEW.add_on_id, NEW.version_id,
         NEW.issuer_id, NEW.quantity, NEW.unit_price, NEW.unit_cost, NEW.currency, NEW.cycle, NEW.fee_version_id,
         NEW.cost_cycle, NEW.cost_fee_version_id, NEW.applies_more_than_once, NEW.sold_at, NEW.job_item_id,
         NEW.request_id))
  EXECUTE FUNCTION addons_sale_kept();

-- Versions, frozen prices and costs are added to.
CREATE TRIGGER catalog_kept BEFORE UPDATE OR DELETE ON addons_addonversion
  FOR EACH ROW EXECUTE FUNCTION catalog_kept();
CREATE TRIGGER catalog_kept BEFORE UPDATE OR DELETE ON addons_addonresource
  FOR EACH ROW EXECUTE FUNCTION catalog_kept();
CREATE TRIGGER catalog_kept BEFORE UPDATE OR DELETE ON addons_addonsalecost
  FOR EACH ROW EXECUTE FUNCTION catalog_kept();
CREATE TRIGGER catalog_kept BEFORE UPDATE OR DELETE ON addons_bulkprice
  FOR EACH ROW EXECUTE FUNCTION catalog_kept();

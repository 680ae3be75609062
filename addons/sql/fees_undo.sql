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
DROP TRIGGER addons_fee_shared ON catalog_fee;
DROP FUNCTION addons_fee_shared();
DROP TRIGGER addons_version_shared ON addons_addonversion;
DROP FUNCTION addons_version_shared();
DROP TRIGGER addons_shared ON addons_addon;
DROP FUNCTION addons_shared();
DROP FUNCTION addons_standing(bigint);
DROP TRIGGER addons_version_pair ON addons_addonversion;
DROP FUNCTION addons_version_pair();

DROP TRIGGER catalog_price_rule ON catalog_pricerule;
DROP FUNCTION catalog_price_rule();
DROP TRIGGER catalog_list_held ON catalog_pricelist;
DROP FUNCTION catalog_list_held();
DROP TRIGGER catalog_holder_left ON tenants_tenant;
DROP FUNCTION catalog_holder_left();
CREATE OR REPLACE FUNCTION catalog_list_holder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM tenants_tenant t JOIN catalog_pricelist l ON l.id = NEW.price_list_id
                  WHERE t.id = NEW.tenant_id AND t.kind = l.audience AND l.tenant_id = NEW.seller_id
                    AND t.provider_id = NEW.provider_id
                    AND coalesce(t.parent_id, t.provider_id) = NEW.seller_id) THEN
    RAISE EXCEPTION 'Tenant % cannot hold price list %.', NEW.tenant_id, NEW.price_list_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

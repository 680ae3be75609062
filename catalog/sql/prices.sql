-- What holds of price lists against any SQL of the application's login.

-- A list is held by somebody its seller sells to, of its audience, who is not deleted; and it is in use. Both stay so:
-- whoever takes a list holds the buyer and the list meanwhile, and a buyer who leaves lets go of it in the same
-- transaction.
CREATE OR REPLACE FUNCTION catalog_list_holder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM tenants_tenant WHERE id = NEW.tenant_id FOR SHARE;
  PERFORM FROM catalog_pricelist WHERE id = NEW.price_list_id FOR SHARE;
  IF NOT EXISTS (SELECT FROM tenants_tenant t JOIN catalog_pricelist l ON l.id = NEW.price_list_id
                  WHERE t.id = NEW.tenant_id AND t.kind = l.audience AND l.tenant_id = NEW.seller_id AND l.is_active
                    AND t.provider_id = NEW.provider_id AND t.status <> 'closed'
                    AND coalesce(t.parent_id, t.provider_id) = NEW.seller_id) THEN
    RAISE EXCEPTION 'Tenant % cannot hold price list %.', NEW.tenant_id, NEW.price_list_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION catalog_holder_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM catalog_pricelistholder h JOIN catalog_pricelist l ON l.id = h.price_list_id
                    JOIN tenants_tenant t ON t.id = h.tenant_id
              WHERE h.tenant_id = NEW.id AND (h.seller_id <> coalesce(t.parent_id, t.provider_id)
                                              OR l.audience <> t.kind OR t.status = 'closed')) THEN
    RAISE EXCEPTION 'Tenant % holds a price list of a seller that it has no longer.', NEW.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER catalog_holder_left AFTER UPDATE OF parent_id, provider_id, kind, status ON tenants_tenant
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.parent_id, OLD.provider_id, OLD.kind, OLD.status)
        IS DISTINCT FROM (NEW.parent_id, NEW.provider_id, NEW.kind, NEW.status))
  EXECUTE FUNCTION catalog_holder_left();
CREATE FUNCTION catalog_list_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM catalog_pricelistholder WHERE price_list_id = NEW.id) THEN
    RAISE EXCEPTION 'Price list % is assigned to somebody.', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER catalog_list_held AFTER UPDATE OF is_active ON catalog_pricelist
  FOR EACH ROW WHEN (NOT NEW.is_active) EXECUTE FUNCTION catalog_list_held();

-- A rule is about something of the house that its seller can sell, and changes no day that has passed. Customers charge
-- nobody, so a list for them sets no bounds.
CREATE FUNCTION catalog_price_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
       SELECT FROM catalog_pricelist l JOIN tenants_tenant s ON s.id = l.tenant_id
        WHERE l.id = NEW.price_list_id
          AND (NEW.package_id IS NULL OR EXISTS (SELECT FROM catalog_package p WHERE p.id = NEW.package_id
                                                    AND p.provider_id = l.provider_id AND p.tenant_id = ANY (s.ancestors)))
          AND (NEW.service_type_id IS NULL OR EXISTS (SELECT FROM catalog_servicetype t WHERE t.id = NEW.service_type_id
                                                        AND t.provider_id = l.provider_id))
          AND (l.audience = 'reseller' OR (NEW.floor IS NULL AND NEW.ceiling IS NULL))) THEN
    RAISE EXCEPTION 'Price list % cannot have a rule about this.', NEW.price_list_id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.effective_on < (NEW.made_at AT TIME ZONE 'UTC')::date THEN
    RAISE EXCEPTION 'A price takes effect on the day it is made, or later.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER catalog_price_rule BEFORE INSERT ON catalog_pricerule
  FOR EACH ROW EXECUTE FUNCTION catalog_price_rule();

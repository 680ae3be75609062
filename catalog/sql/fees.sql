-- What holds of fees, versions and prices against any SQL of the application's login; it lives beside the models.

-- A fee is managed by its provider or by a reseller of it; it keeps its kind and its currency.
CREATE TRIGGER catalog_owner BEFORE INSERT OR UPDATE OF tenant_id, provider_id ON catalog_fee
  FOR EACH ROW EXECUTE FUNCTION catalog_owner();
CREATE TRIGGER catalog_owner BEFORE INSERT OR UPDATE OF tenant_id, provider_id ON catalog_pricelist
  FOR EACH ROW EXECUTE FUNCTION catalog_owner();
CREATE FUNCTION catalog_fee_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% % keeps its kind, its currency and who manages it.', TG_TABLE_NAME, OLD.id
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER catalog_fee_kept BEFORE UPDATE OF kind, currency, tenant_id, provider_id ON catalog_fee
  FOR EACH ROW WHEN ((OLD.kind, OLD.currency, OLD.tenant_id, OLD.provider_id)
                     IS DISTINCT FROM (NEW.kind, NEW.currency, NEW.tenant_id, NEW.provider_id))
  EXECUTE FUNCTION catalog_fee_kept();
CREATE TRIGGER catalog_fee_kept BEFORE UPDATE OF audience, currency, tenant_id, provider_id ON catalog_pricelist
  FOR EACH ROW WHEN ((OLD.audience, OLD.currency, OLD.tenant_id, OLD.provider_id)
                     IS DISTINCT FROM (NEW.audience, NEW.currency, NEW.tenant_id, NEW.provider_id))
  EXECUTE FUNCTION catalog_fee_kept();

-- The limits of a version are of resources of its package's service type.
CREATE OR REPLACE FUNCTION catalog_limit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM catalog_packageversion v JOIN catalog_package p ON p.id = v.package_id
                   JOIN catalog_resource r USING (service_type_id)
                  WHERE v.id = NEW.version_id AND r.id = NEW.resource_id) THEN
    RAISE EXCEPTION 'Resource % is not of the service type of version %.', NEW.resource_id, NEW.version_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER catalog_limit BEFORE INSERT ON catalog_packageresource
  FOR EACH ROW EXECUTE FUNCTION catalog_limit();

-- A pair of fees: one of each kind, in one currency, of the house. The reseller fee is managed by who manages the
-- package, or above; so is the account fee.
CREATE FUNCTION catalog_pair(reseller_fee bigint, account_fee bigint, manager bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (
    SELECT FROM catalog_fee f, tenants_tenant t
     WHERE f.id IN (reseller_fee, account_fee) AND t.id = manager
       AND (f.kind <> CASE f.id WHEN reseller_fee THEN 'reseller' ELSE 'account' END
            OR f.tenant_id <> ALL (t.ancestors)))
  AND (SELECT count(DISTINCT currency) FROM catalog_fee WHERE id IN (reseller_fee, account_fee)) < 2
  AND (reseller_fee = account_fee) IS NOT TRUE
$$;
CREATE FUNCTION catalog_version_pair() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT catalog_pair(NEW.reseller_fee_id, NEW.account_fee_id,
                      (SELECT tenant_id FROM catalog_package WHERE id = NEW.package_id)) THEN
    RAISE EXCEPTION 'Fees % and % do not fit package %.', NEW.reseller_fee_id, NEW.account_fee_id, NEW.package_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER catalog_version_pair BEFORE INSERT ON catalog_packageversion
  FOR EACH ROW EXECUTE FUNCTION catalog_version_pair();

-- What a package that resellers see, shared or managed by one, says today or will say rests on no account fee that the
-- provider keeps to itself. Who shares a package or gives it a fee holds the fee meanwhile, so that nobody switches it off at the same moment.
CREATE FUNCTION catalog_standing(package bigint) RETURNS SETOF catalog_packageversion LANGUAGE sql STABLE AS $$
  SELECT v.* FROM catalog_packageversion v
   WHERE v.package_id = package AND NOT EXISTS (
     SELECT FROM catalog_packageversion l
      WHERE l.package_id = v.package_id AND (l.effective_on, l.id) > (v.effective_on, v.id)
        AND (l.effective_on = v.effective_on OR l.effective_on <= (now() AT TIME ZONE 'UTC')::date))
$$;
CREATE FUNCTION catalog_fee_kept_back(account_fee bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM catalog_fee WHERE id = account_fee FOR SHARE;
  IF EXISTS (SELECT FROM catalog_fee
              WHERE id = account_fee AND kind = 'account' AND tenant_id = provider_id AND NOT is_shared) THEN
    RAISE EXCEPTION 'A package that is shared needs account fee % shared with resellers.', account_fee
      USING ERRCODE = 'check_violation';
  END IF;
END $$;
CREATE FUNCTION catalog_package_shared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalog_fee_kept_back(account_fee_id) FROM catalog_standing(NEW.id) WHERE account_fee_id IS NOT NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER catalog_package_shared AFTER UPDATE OF is_shared, tenant_id ON catalog_package
  FOR EACH ROW WHEN (NEW.is_shared OR NEW.tenant_id <> NEW.provider_id) EXECUTE FUNCTION catalog_package_shared();
CREATE FUNCTION catalog_version_shared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM catalog_package WHERE id = NEW.package_id FOR SHARE;
  PERFORM catalog_fee_kept_back(NEW.account_fee_id) FROM catalog_package
    WHERE id = NEW.package_id AND (is_shared OR tenant_id <> provider_id);
  RETURN NEW;
END $$;
CREATE TRIGGER catalog_version_shared AFTER INSERT ON catalog_packageversion
  FOR EACH ROW WHEN (NEW.account_fee_id IS NOT NULL) EXECUTE FUNCTION catalog_version_shared();
CREATE FUNCTION catalog_fee_shared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM catalog_package p
              WHERE (p.is_shared OR p.tenant_id <> p.provider_id)
                AND p.id IN (SELECT package_id FROM catalog_packageversion WHERE account_fee_id = NEW.id)
                AND EXISTS (SELECT FROM catalog_standing(p.id) WHERE account_fee_id = NEW.id)) THEN
    RAISE EXCEPTION 'Fee % is the account fee of a package that is shared.', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER catalog_fee_shared AFTER UPDATE OF is_shared ON catalog_fee
  FOR EACH ROW WHEN (NEW.kind = 'account' AND NEW.tenant_id = NEW.provider_id AND NOT NEW.is_shared)
  EXECUTE FUNCTION catalog_fee_shared();

-- A price list is held by somebody its seller sells to, of its audience.
CREATE FUNCTION catalog_list_holder() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER catalog_list_holder BEFORE INSERT OR UPDATE ON catalog_pricelistholder
  FOR EACH ROW EXECUTE FUNCTION catalog_list_holder();

-- Versions and rules are added to: what was agreed on a day stays what it was.
CREATE FUNCTION catalog_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is added to, never changed or deleted.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER catalog_kept BEFORE UPDATE OR DELETE ON catalog_feeversion
  FOR EACH ROW EXECUTE FUNCTION catalog_kept();
CREATE TRIGGER catalog_kept BEFORE UPDATE OR DELETE ON catalog_packageversion
  FOR EACH ROW EXECUTE FUNCTION catalog_kept();
CREATE TRIGGER catalog_kept BEFORE UPDATE OR DELETE ON catalog_packageresource
  FOR EACH ROW EXECUTE FUNCTION catalog_kept();
CREATE TRIGGER catalog_kept BEFORE UPDATE OR DELETE ON catalog_pricerule
  FOR EACH ROW EXECUTE FUNCTION catalog_kept();

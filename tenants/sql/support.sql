-- What holds of support over time against any SQL of the application's login; it lives beside the models.

-- A price is of a level of the house, asked by the provider or a reseller, from the day on which it is made at the
-- earliest: what was owed stays owed.
CREATE FUNCTION tenants_support_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.effective_on < (NEW.made_at AT TIME ZONE 'UTC')::date OR NOT EXISTS (
       SELECT FROM tenants_tenant t JOIN tenants_supportlevel l ON l.id = NEW.level_id AND l.provider_id = NEW.provider_id
        WHERE t.id = NEW.tenant_id AND t.kind <> 'customer' AND coalesce(t.provider_id, t.id) = NEW.provider_id) THEN
    RAISE EXCEPTION 'Tenant % cannot ask this for level % from that day.', NEW.tenant_id, NEW.level_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tenants_support_price BEFORE INSERT ON tenants_supportprice
  FOR EACH ROW EXECUTE FUNCTION tenants_support_price();

-- Phases of a customer never overlap; one begins open, with the place that the customer has.
ALTER TABLE tenants_supportphase ADD CONSTRAINT tenants_support_apart EXCLUDE USING gist
  (int8range(tenant_id, tenant_id, '[]') WITH &&, daterange(starts_on, ends_on, '[)') WITH &&);
CREATE FUNCTION tenants_support_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.ends_on IS NOT NULL
     OR EXISTS (SELECT FROM tenants_supportphase p WHERE p.tenant_id = NEW.tenant_id
                   AND (p.ends_on IS NULL OR p.ends_on > NEW.starts_on))
     OR NOT EXISTS (SELECT FROM tenants_tenant t JOIN tenants_supportlevel l ON l.id = NEW.level_id
                     WHERE t.id = NEW.tenant_id AND t.kind = 'customer' AND t.provider_id = NEW.provider_id
                       AND l.provider_id = NEW.provider_id AND coalesce(t.parent_id, t.provider_id) = NEW.seller_id) THEN
    RAISE EXCEPTION 'Support of tenant % does not begin like this.', NEW.tenant_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tenants_support_begins BEFORE INSERT ON tenants_supportphase
  FOR EACH ROW EXECUTE FUNCTION tenants_support_begins();

CREATE FUNCTION tenants_support_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(OLD) ? 'ends_on' AND to_jsonb(OLD)->>'ends_on' IS NULL AND to_jsonb(NEW)->>'ends_on' IS NOT NULL
       AND to_jsonb(OLD) - 'ends_on' = to_jsonb(NEW) - 'ends_on' THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION '% is history: it is added to, never changed.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER tenants_support_kept BEFORE UPDATE OR DELETE ON tenants_supportphase
  FOR EACH ROW EXECUTE FUNCTION tenants_support_kept();
CREATE TRIGGER tenants_support_kept BEFORE UPDATE OR DELETE ON tenants_supportprice
  FOR EACH ROW EXECUTE FUNCTION tenants_support_kept();
CREATE TRIGGER tenants_support_kept BEFORE UPDATE OR DELETE ON tenants_supportdebt
  FOR EACH ROW EXECUTE FUNCTION tenants_support_kept();

-- Owed upwards, while the phase is open.
CREATE FUNCTION tenants_support_debt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM tenants_supportphase p
                   JOIN tenants_tenant holder ON holder.id = p.tenant_id
                   JOIN tenants_tenant payer ON payer.id = NEW.payer_id
                  WHERE p.id = NEW.phase_id AND p.ends_on IS NULL AND p.provider_id = NEW.provider_id
                    AND payer.id = ANY (holder.ancestors) AND NEW.issuer_id = ANY (payer.ancestors)) THEN
    RAISE EXCEPTION 'Tenant % cannot owe % anything for support %.', NEW.payer_id, NEW.issuer_id, NEW.phase_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tenants_support_debt BEFORE INSERT ON tenants_supportdebt
  FOR EACH ROW EXECUTE FUNCTION tenants_support_debt();

CREATE OR REPLACE FUNCTION tenants_support_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.effective_on < (NEW.made_at AT TIME ZONE 'UTC')::date OR NOT EXISTS (
       SELECT FROM tenants_tenant t JOIN tenants_supportlevel l ON l.id = NEW.level_id AND l.provider_id = NEW.provider_id
        WHERE t.id = NEW.tenant_id AND t.kind <> 'customer' AND coalesce(t.provider_id, t.id) = NEW.provider_id) THEN
    RAISE EXCEPTION 'Tenant % cannot ask this for level % from that day.', NEW.tenant_id, NEW.level_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION tenants_support_begins() RETURNS trigger LANGUAGE plpgsql AS $$
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

DROP FUNCTION tenants_support_today(bigint, timestamptz);

-- From which day on support can cost something else, whatever moment the application says that it is; it lives beside
-- the models.

-- Not before the day on which the house last said anything about support: who says an earlier moment would begin what
-- was owed meanwhile anew. Of two that write at once the second may be the earlier one, by as long as it waited.
CREATE FUNCTION tenants_support_today(house bigint, said timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT (greatest(said,
            (SELECT made_at FROM tenants_supportprice WHERE provider_id = house ORDER BY id DESC LIMIT 1) - '1 minute'::interval,
            (SELECT made_at FROM tenants_supportphase WHERE provider_id = house ORDER BY id DESC LIMIT 1) - '1 minute'::interval)
          AT TIME ZONE 'UTC')::date
$$;

CREATE OR REPLACE FUNCTION tenants_support_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.effective_on < tenants_support_today(NEW.provider_id, NEW.made_at) OR NOT EXISTS (
       SELECT FROM tenants_tenant t JOIN tenants_supportlevel l ON l.id = NEW.level_id AND l.provider_id = NEW.provider_id
        WHERE t.id = NEW.tenant_id AND t.kind <> 'customer' AND coalesce(t.provider_id, t.id) = NEW.provider_id) THEN
    RAISE EXCEPTION 'Tenant % cannot ask this for level % from that day.', NEW.tenant_id, NEW.level_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION tenants_support_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.ends_on IS NOT NULL OR NEW.starts_on < tenants_support_today(NEW.provider_id, NEW.made_at)
     OR EXISTS (SELECT FROM tenants_supportphase p WHERE p.tenant_id = NEW.tenant_id
                   AND (p.ends_on IS NULL OR p.ends_on > NEW.starts_on))
     OR NOT EXISTS (SELECT FROM tenants_tenant t JOIN tenants_supportlevel l ON l.id = NEW.level_id
                     WHERE t.id = NEW.tenant_id AND t.kind = 'customer' AND t.provider_id = NEW.provider_id
                       AND l.provider_id = NEW.provider_id AND coalesce(t.parent_id, t.provider_id) = NEW.seller_id) THEN
    RAISE EXCEPTION 'Support of tenant % does not begin like this.', NEW.tenant_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

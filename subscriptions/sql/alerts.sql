-- What holds of hard quotas and of alerts against any SQL of the application's login; it lives beside the models.

-- A hard quota's overage is what the version held says of one unit, times the quantity: whatever begins a phase or a
-- holding, it follows. Once for a whole statement: a sale may begin 100,000 holdings, and most have no hard quota.
CREATE FUNCTION subscriptions_overage_begun() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE subscriptions_holding h SET overage = r.overage * p.quantity
    FROM fresh
    JOIN subscriptions_phase p ON p.subscription_id = fresh.subscription_id AND p.ends_on IS NULL
    JOIN catalog_packageresource r ON r.version_id = p.version_id AND r.resource_id = fresh.resource_id
   WHERE h.id = fresh.id AND r.overage IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER subscriptions_overage AFTER INSERT ON subscriptions_holding
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION subscriptions_overage_begun();

CREATE FUNCTION subscriptions_overage_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE subscriptions_holding h SET overage = said.overage
    FROM (SELECT held.id, r.overage * fresh.quantity AS overage
            FROM fresh
            JOIN subscriptions_holding held ON held.subscription_id = fresh.subscription_id
            LEFT JOIN catalog_packageresource r
              ON r.version_id = fresh.version_id AND r.resource_id = held.resource_id
           WHERE fresh.ends_on IS NULL) AS said
   WHERE h.id = said.id AND h.overage IS DISTINCT FROM said.overage;
  RETURN NULL;
END $$;
CREATE TRIGGER subscriptions_overage AFTER INSERT ON subscriptions_phase
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION subscriptions_overage_changed();

-- Thresholds are percentages that can be crossed.
ALTER TABLE subscriptions_usagealerts ADD CONSTRAINT usage_alerts_percents
  CHECK (0 < ALL (percents) AND 1000 >= ALL (percents) AND cardinality(percents) <= 10);

-- A crossing is where its subscription is, and moves with it.
ALTER TABLE subscriptions_usagecrossing ADD CONSTRAINT usage_crossing_of_subscription
  FOREIGN KEY (subscription_id, provider_id, tenant_id, seller_id)
  REFERENCES subscriptions_subscription (id, provider_id, tenant_id, seller_id) ON UPDATE CASCADE;

-- What was crossed is history: its place follows the subscription, what else is written is written once.
CREATE FUNCTION subscriptions_crossing_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(OLD) - ARRAY['tenant_id', 'seller_id', 'cleared_at', 'told_at', 'end_told_at']
         = to_jsonb(NEW) - ARRAY['tenant_id', 'seller_id', 'cleared_at', 'told_at', 'end_told_at']
       AND (OLD.cleared_at IS NULL OR OLD.cleared_at = NEW.cleared_at)
       AND (OLD.told_at IS NULL OR OLD.told_at = NEW.told_at)
       AND (OLD.end_told_at IS NULL OR OLD.end_told_at = NEW.end_told_at) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'Crossing % is history: its end and its notices are written once.', OLD.id
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER subscriptions_crossing_kept BEFORE UPDATE OR DELETE ON subscriptions_usagecrossing
  FOR EACH ROW EXECUTE FUNCTION subscriptions_crossing_kept();

-- Where a crossing was, and what may become of it; it lives beside the models.

-- It begins where its subscription is, and stays there: what came to one seller is no business of the next.
ALTER TABLE subscriptions_usagecrossing DROP CONSTRAINT usage_crossing_of_subscription;
ALTER TABLE subscriptions_usagecrossing ADD CONSTRAINT usage_crossing_of_subscription
  FOREIGN KEY (subscription_id, provider_id) REFERENCES subscriptions_subscription (id, provider_id);
CREATE FUNCTION subscriptions_crossing_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM subscriptions_subscription s WHERE s.id = NEW.subscription_id
                    AND s.tenant_id = NEW.tenant_id AND s.seller_id = NEW.seller_id) THEN
    RAISE EXCEPTION 'Subscription % is elsewhere.', NEW.subscription_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_crossing_begins BEFORE INSERT ON subscriptions_usagecrossing
  FOR EACH ROW EXECUTE FUNCTION subscriptions_crossing_begins();

CREATE OR REPLACE FUNCTION subscriptions_crossing_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(OLD) - ARRAY['cleared_at', 'told_at', 'end_told_at']
         = to_jsonb(NEW) - ARRAY['cleared_at', 'told_at', 'end_told_at']
       AND (OLD.cleared_at IS NULL OR OLD.cleared_at = NEW.cleared_at)
       AND (OLD.told_at IS NULL OR OLD.told_at = NEW.told_at)
       AND (OLD.end_told_at IS NULL OR OLD.end_told_at = NEW.end_told_at) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'Crossing % is history: its end and its notices are written once.', OLD.id
    USING ERRCODE = 'insufficient_privilege';
END $$;

-- Thresholds are percentages that can be crossed, in one row: none is NULL, which passes whatever bounds it.
UPDATE subscriptions_usagealerts SET percents = array_remove(percents, NULL);
ALTER TABLE subscriptions_usagealerts DROP CONSTRAINT usage_alerts_percents;
ALTER TABLE subscriptions_usagealerts ADD CONSTRAINT usage_alerts_percents CHECK (
  coalesce(array_ndims(percents), 1) = 1 AND array_position(percents, NULL) IS NULL
  AND 0 < ALL (percents) AND 1000 >= ALL (percents) AND cardinality(percents) <= 10);

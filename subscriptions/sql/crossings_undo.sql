ALTER TABLE subscriptions_usagealerts DROP CONSTRAINT usage_alerts_percents;
ALTER TABLE subscriptions_usagealerts ADD CONSTRAINT usage_alerts_percents
  CHECK (0 < ALL (percents) AND 1000 >= ALL (percents) AND cardinality(percents) <= 10);
CREATE OR REPLACE FUNCTION subscriptions_crossing_kept() RETURNS trigger LANGUAGE plpgsql AS $$
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
DROP TRIGGER subscriptions_crossing_begins ON subscriptions_usagecrossing;
DROP FUNCTION subscriptions_crossing_begins();
ALTER TABLE subscriptions_usagecrossing DROP CONSTRAINT usage_crossing_of_subscription;
DELETE FROM subscriptions_usagecrossing c USING subscriptions_subscription s
 WHERE s.id = c.subscription_id AND (s.tenant_id, s.seller_id) <> (c.tenant_id, c.seller_id);
ALTER TABLE subscriptions_usagecrossing ADD CONSTRAINT usage_crossing_of_subscription
  FOREIGN KEY (subscription_id, provider_id, tenant_id, seller_id)
  REFERENCES subscriptions_subscription (id, provider_id, tenant_id, seller_id) ON UPDATE CASCADE;

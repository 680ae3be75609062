ALTER TABLE subscriptions_usagealerts DROP CONSTRAINT usage_alerts_percents;
ALTER TABLE subscriptions_usagealerts ADD CONSTRAINT usage_alerts_percents
  CHECK (0 < ALL (percents) AND 1000 >= ALL (percents) AND cardinality(percents) <= 10);
DROP TRIGGER subscriptions_crossing_begins ON subscriptions_usagecrossing;
DROP FUNCTION subscriptions_crossing_begins();
ALTER TABLE subscriptions_usagecrossing DROP CONSTRAINT usage_crossing_of_subscription;
DELETE FROM subscriptions_usagecrossing c USING subscriptions_subscription s
 WHERE s.id = c.subscription_id AND (s.tenant_id, s.seller_id) <> (c.tenant_id, c.seller_id);
ALTER TABLE subscriptions_usagecrossing ADD CONSTRAINT usage_crossing_of_subscription
  FOREIGN KEY (subscription_id, provider_id, tenant_id, seller_id)
  REFERENCES subscriptions_subscription (id, provider_id, tenant_id, seller_id) ON UPDATE CASCADE;

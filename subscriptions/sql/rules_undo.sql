DROP TRIGGER subscriptions_kept ON subscriptions_usageevent;
DROP TRIGGER subscriptions_kept ON subscriptions_grant;
DROP TRIGGER subscriptions_drawn ON subscriptions_subscription;
DROP TRIGGER subscriptions_place ON subscriptions_subscription;
DROP FUNCTION subscriptions_kept();
DROP FUNCTION subscriptions_drawn();
DROP FUNCTION subscriptions_place();
ALTER TABLE subscriptions_usageevent DROP CONSTRAINT usage_event_of_subscription;
ALTER TABLE subscriptions_grant DROP CONSTRAINT grant_of_subscription;
ALTER TABLE subscriptions_holding DROP CONSTRAINT holding_of_subscription;
ALTER TABLE subscriptions_subscription
  DROP CONSTRAINT subscription_source, DROP CONSTRAINT subscription_instance, DROP CONSTRAINT subscription_package;

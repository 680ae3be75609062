DROP TRIGGER subscriptions_measured ON subscriptions_usageevent;
DROP FUNCTION subscriptions_measured();
ALTER TABLE subscriptions_usageevent ADD CONSTRAINT usage_event_of_subscription
  FOREIGN KEY (subscription_id, provider_id) REFERENCES subscriptions_subscription (id, provider_id);

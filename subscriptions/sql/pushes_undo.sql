DROP TRIGGER subscriptions_push_kept ON subscriptions_push;
DROP FUNCTION subscriptions_push_kept();
ALTER TABLE subscriptions_push DROP CONSTRAINT push_version;

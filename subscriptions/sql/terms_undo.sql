DROP TRIGGER subscriptions_kept ON subscriptions_subscriptionterm;
DROP TRIGGER subscriptions_term_changes ON subscriptions_subscription;
DROP FUNCTION subscriptions_term_changes();
DROP TRIGGER subscriptions_term_begins ON subscriptions_subscription;
DROP FUNCTION subscriptions_term_begins();
DROP TRIGGER subscriptions_term_moves ON subscriptions_subscription;
DROP FUNCTION subscriptions_term_moves();
ALTER TABLE subscriptions_subscription DROP CONSTRAINT subscription_term_day;

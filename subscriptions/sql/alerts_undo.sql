DROP TRIGGER subscriptions_crossing_kept ON subscriptions_usagecrossing;
DROP FUNCTION subscriptions_crossing_kept();
ALTER TABLE subscriptions_usagecrossing DROP CONSTRAINT usage_crossing_of_subscription;
ALTER TABLE subscriptions_usagealerts DROP CONSTRAINT usage_alerts_percents;
DROP TRIGGER subscriptions_overage ON subscriptions_holding;
DROP TRIGGER subscriptions_overage ON subscriptions_phase;
DROP FUNCTION subscriptions_overage_begun();
DROP FUNCTION subscriptions_overage_changed();

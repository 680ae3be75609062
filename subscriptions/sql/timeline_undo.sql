DROP TRIGGER subscriptions_kept ON subscriptions_phasefee;
DROP TRIGGER subscriptions_phase_fee ON subscriptions_phasefee;
DROP FUNCTION subscriptions_phase_fee();
DROP TRIGGER subscriptions_phase_kept ON subscriptions_phase;
DROP FUNCTION subscriptions_phase_kept();
DROP TRIGGER subscriptions_phase_begins ON subscriptions_phase;
DROP FUNCTION subscriptions_phase_begins();
ALTER TABLE subscriptions_phase DROP CONSTRAINT phase_of_subscription;

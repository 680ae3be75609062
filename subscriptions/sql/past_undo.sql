ALTER TABLE subscriptions_phase DROP COLUMN made_in;

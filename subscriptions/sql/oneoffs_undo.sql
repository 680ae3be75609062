DROP TRIGGER subscriptions_kept ON subscriptions_oneoff;
DROP TRIGGER subscriptions_one_off ON subscriptions_oneoff;
DROP FUNCTION subscriptions_one_off();

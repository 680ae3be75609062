-- In which term a subscription ran is history, whoever changes its columns; it lives beside the models.

-- A term ends on the day of the month that it returns to.
ALTER TABLE subscriptions_subscription ADD CONSTRAINT subscription_term_day CHECK (
  extract(day FROM renews_on) = least(anchor_day,
    extract(day FROM date_trunc('month', renews_on::timestamp) + interval '1 month' - interval '1 day')));

-- A term follows the last one, or takes its place from a day in it; it never begins earlier, and no window opens
-- earlier. What has begun has begun, and what is closed has no other term.
CREATE FUNCTION subscriptions_term_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'closed' OR NEW.term_starts_on < OLD.term_starts_on OR NEW.committed_at < OLD.committed_at
     OR (OLD.state <> 'pending' AND (NEW.term_starts_on > OLD.renews_on OR NEW.started_on <> OLD.started_on)) THEN
    RAISE EXCEPTION 'Subscription % cannot have this term after the one it had.', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_term_moves
  BEFORE UPDATE OF started_on, term_starts_on, renews_on, anchor_day, committed_at ON subscriptions_subscription
  FOR EACH ROW WHEN ((OLD.started_on, OLD.term_starts_on, OLD.renews_on, OLD.anchor_day, OLD.committed_at)
    IS DISTINCT FROM (NEW.started_on, NEW.term_starts_on, NEW.renews_on, NEW.anchor_day, NEW.committed_at))
  EXECUTE FUNCTION subscriptions_term_moves();

-- The application's login may not add to these rows either: they are written here, as the owner.
CREATE FUNCTION subscriptions_term_begins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO subscriptions_subscriptionterm
         (provider_id, tenant_id, seller_id, subscription_id, starts_on, ends_on, anchor_day, committed_at)
  SELECT provider_id, tenant_id, seller_id, id, term_starts_on, renews_on, anchor_day, committed_at FROM made ORDER BY id;
  RETURN NULL;
END $$;
CREATE TRIGGER subscriptions_term_begins AFTER INSERT ON subscriptions_subscription
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION subscriptions_term_begins();

CREATE FUNCTION subscriptions_term_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO subscriptions_subscriptionterm
         (provider_id, tenant_id, seller_id, subscription_id, starts_on, ends_on, anchor_day, committed_at)
  VALUES (NEW.provider_id, NEW.tenant_id, NEW.seller_id, NEW.id, NEW.term_starts_on, NEW.renews_on, NEW.anchor_day,
          NEW.committed_at);
  RETURN NULL;
END $$;
CREATE TRIGGER subscriptions_term_changes
  AFTER UPDATE OF tenant_id, seller_id, term_starts_on, renews_on, anchor_day, committed_at ON subscriptions_subscription
  FOR EACH ROW WHEN ((OLD.tenant_id, OLD.seller_id, OLD.term_starts_on, OLD.renews_on, OLD.anchor_day, OLD.committed_at)
    IS DISTINCT FROM
    (NEW.tenant_id, NEW.seller_id, NEW.term_starts_on, NEW.renews_on, NEW.anchor_day, NEW.committed_at))
  EXECUTE FUNCTION subscriptions_term_changes();

CREATE TRIGGER subscriptions_kept BEFORE UPDATE OR DELETE ON subscriptions_subscriptionterm
  FOR EACH ROW EXECUTE FUNCTION subscriptions_kept();

-- What is past stays past, for add-ons as for what they are sold with; it lives beside the models.

-- A sale begins, and ends, in the term of its subscription that runs: never in one that is over.
CREATE FUNCTION addons_in_term() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong bigint;
BEGIN
  SELECT w.id INTO wrong FROM written w JOIN subscriptions_subscription s ON s.id = w.subscription_id
   WHERE CASE TG_OP WHEN 'INSERT' THEN w.sold_at ELSE coalesce(w.ended_at, 'infinity') END
         < s.term_starts_on::timestamp AT TIME ZONE 'UTC' LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Sale % is of a term that is over.', wrong USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER addons_begins_in_term AFTER INSERT ON addons_addonsale
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION addons_in_term();
CREATE TRIGGER addons_ends_in_term AFTER UPDATE ON addons_addonsale
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION addons_in_term();

-- What holds of charges against any SQL of the application's login; it lives beside the models.

-- A charge is of the two, and in the currency, of its stream.
ALTER TABLE invoicing_charge ADD CONSTRAINT charge_between FOREIGN KEY (mark_id, provider_id, issuer_id, payer_id, currency)
  REFERENCES invoicing_mark (id, provider_id, issuer_id, payer_id, currency);

-- Ledgers and versions are added to: what was charged stays, and is given back by another charge.
CREATE FUNCTION invoicing_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is added to, never changed or deleted.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER invoicing_kept BEFORE UPDATE OR DELETE ON invoicing_charge
  FOR EACH ROW EXECUTE FUNCTION invoicing_kept();
CREATE TRIGGER invoicing_kept BEFORE UPDATE OR DELETE ON invoicing_billingpolicy
  FOR EACH ROW EXECUTE FUNCTION invoicing_kept();

-- A policy is said by who bills, and for no day that is past.
CREATE FUNCTION invoicing_policy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.effective_on < (NEW.made_at AT TIME ZONE 'UTC')::date OR NOT EXISTS (
       SELECT FROM tenants_tenant t WHERE t.id = NEW.tenant_id AND t.kind <> 'customer'
                                      AND coalesce(t.provider_id, t.id) = NEW.provider_id) THEN
    RAISE EXCEPTION 'Tenant % cannot say from that day how it bills.', NEW.tenant_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER invoicing_policy BEFORE INSERT ON invoicing_billingpolicy
  FOR EACH ROW EXECUTE FUNCTION invoicing_policy();

-- All whom a charge names are of its house, and a customer bills nobody.
CREATE FUNCTION invoicing_of_house() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong bigint;
BEGIN
  SELECT w.id INTO wrong FROM written w
    JOIN tenants_tenant t ON t.id IN (w.issuer_id, w.payer_id, w.holder_id, w.seller_id)
   WHERE coalesce(t.provider_id, t.id) <> w.provider_id OR t.id = w.issuer_id AND t.kind = 'customer' LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Charge % is between tenants that cannot owe each other anything.', wrong
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER invoicing_of_house AFTER INSERT ON invoicing_charge
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION invoicing_of_house();

-- What is given back is of one charge between the same two, in its currency and of its stream; never more than was
-- charged, however many give back of it. Who gives back of a stream waits for whoever else does; of what has none, for
-- whoever gives back of the same charge.
CREATE FUNCTION invoicing_credits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM written WHERE credits_id IS NOT NULL) THEN
    RETURN NULL;
  END IF;
  PERFORM FROM invoicing_mark m WHERE m.id IN (SELECT mark_id FROM written WHERE credits_id IS NOT NULL)
    ORDER BY m.id FOR NO KEY UPDATE;
  PERFORM pg_advisory_xact_lock(4715, key) FROM (
    SELECT DISTINCT (credits_id & 2147483647)::int AS key FROM written
     WHERE credits_id IS NOT NULL AND mark_id IS NULL ORDER BY 1) AS apart;
  SELECT was.id INTO wrong
    FROM (SELECT DISTINCT credits_id AS id FROM written WHERE credits_id IS NOT NULL) AS given
    JOIN invoicing_charge was ON was.id = given.id
    JOIN LATERAL (
         SELECT sum(c.amount) AS amount, bool_and(
                  (c.provider_id, c.issuer_id, c.payer_id, c.currency) = (was.provider_id, was.issuer_id, was.payer_id, was.currency)
                  AND c.mark_id IS NOT DISTINCT FROM was.mark_id AND sign(c.amount) IN (0, -sign(was.amount))) AS is_alike
           FROM invoicing_charge c WHERE c.credits_id = was.id) AS back ON true
   WHERE NOT back.is_alike OR abs(back.amount) > abs(was.amount) OR was.credits_id IS NOT NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'What is given back of charge % is not of it, or more than was charged.', wrong
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER invoicing_credits AFTER INSERT ON invoicing_charge
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION invoicing_credits();

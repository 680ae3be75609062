-- What holds of payments against any SQL of the application's login; it lives beside the models.

-- What a document adds to what its payer owes: below zero where the payer gets something back.
CREATE FUNCTION invoicing_owed(d invoicing_document) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE d.kind WHEN 'invoice' THEN d.payable WHEN 'credit_note' THEN -d.payable ELSE 0 END
$$;

-- A payment is between two of one house; what reverses one undoes all of it, once nothing of it is allocated.
CREATE FUNCTION invoicing_payment_made() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  was invoicing_payment;
BEGIN
  IF (SELECT count(*) FROM tenants_tenant t WHERE t.id IN (NEW.issuer_id, NEW.payer_id)
         AND coalesce(t.provider_id, t.id) = NEW.provider_id AND (t.id <> NEW.issuer_id OR t.kind <> 'customer')) <> 2 THEN
    RAISE EXCEPTION 'A payment is from who pays to who bills.' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.reverses_id IS NOT NULL THEN
    SELECT * INTO was FROM invoicing_payment WHERE id = NEW.reverses_id FOR NO KEY UPDATE;
    IF NOT FOUND OR was.kind = 'reversal'
       OR (NEW.provider_id, NEW.issuer_id, NEW.payer_id, NEW.currency::text, NEW.amount)
          IS DISTINCT FROM (was.provider_id, was.issuer_id, was.payer_id, was.currency::text, -was.amount)
       OR (SELECT sum(amount) FROM invoicing_allocation WHERE payment_id = was.id) <> 0 THEN
      RAISE EXCEPTION 'Payment % cannot be reversed so.', NEW.reverses_id USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER invoicing_payment_made BEFORE INSERT ON invoicing_payment
  FOR EACH ROW EXECUTE FUNCTION invoicing_payment_made();

-- Of a payment no more is used than it came to, of a document no more is settled than it comes to, whoever is first.
-- Both are locked, documents before payments, and counted when they are: what others commit meanwhile is counted, too.
CREATE FUNCTION invoicing_allocated() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  p invoicing_payment;
  c invoicing_document;
  d invoicing_document;
  whole numeric;
  used numeric;
  settled numeric;
BEGIN
  PERFORM FROM invoicing_document WHERE id IN (NEW.credit_id, NEW.document_id) ORDER BY id FOR NO KEY UPDATE;
  SELECT * INTO p FROM invoicing_payment WHERE id = NEW.payment_id FOR NO KEY UPDATE;
  SELECT * INTO c FROM invoicing_document WHERE id = NEW.credit_id;
  SELECT * INTO d FROM invoicing_document WHERE id = NEW.document_id;
  IF NEW.payment_id IS NOT NULL THEN
    whole := p.amount;
    SELECT sum(amount) INTO used FROM invoicing_allocation WHERE payment_id = p.id;
  ELSE
    whole := -invoicing_owed(c);
    SELECT coalesce(sum(amount), 0) INTO used FROM invoicing_allocation WHERE credit_id = c.id OR document_id = c.id;
  END IF;
  SELECT sum(amount) INTO settled FROM invoicing_allocation WHERE document_id = d.id OR credit_id = d.id;
  IF (d.provider_id, d.issuer_id, d.payer_id, d.currency::text) IS DISTINCT FROM (NEW.provider_id,
        coalesce(p.issuer_id, c.issuer_id), coalesce(p.payer_id, c.payer_id), coalesce(p.currency, c.currency)::text)
     OR d.state <> 'issued' OR c.state <> 'issued' OR p.kind = 'reversal'
     OR EXISTS (SELECT FROM invoicing_payment r WHERE r.reverses_id = p.id)
     OR sign(whole) <> sign(invoicing_owed(d)) OR whole = 0 THEN
    RAISE EXCEPTION 'This does not settle document %.', NEW.document_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_settles';
  END IF;
  IF NOT used BETWEEN 0 AND abs(whole) THEN
    RAISE EXCEPTION 'There is not so much left to allocate.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_within_source';
  END IF;
  IF NOT settled BETWEEN 0 AND abs(invoicing_owed(d)) THEN
    RAISE EXCEPTION 'Not so much of document % is open.', NEW.document_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_within_document';
  END IF;
  IF p.id IS NOT NULL THEN
    UPDATE invoicing_balance SET allocated = allocated + sign(p.amount) * NEW.amount
     WHERE (issuer_id, payer_id, currency) = (p.issuer_id, p.payer_id, p.currency);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER invoicing_allocated AFTER INSERT ON invoicing_allocation
  FOR EACH ROW EXECUTE FUNCTION invoicing_allocated();

CREATE TRIGGER invoicing_kept BEFORE UPDATE OR DELETE ON invoicing_payment
  FOR EACH ROW EXECUTE FUNCTION invoicing_kept();
CREATE TRIGGER invoicing_kept BEFORE UPDATE OR DELETE ON invoicing_allocation
  FOR EACH ROW EXECUTE FUNCTION invoicing_kept();

-- What is settled by something is not made void before that is taken back.
CREATE FUNCTION invoicing_void_unsettled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT sum(amount) FROM invoicing_allocation WHERE document_id = NEW.id OR credit_id = NEW.id) <> 0 THEN
    RAISE EXCEPTION 'Document % is settled, as a whole or in part.', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'document_void_unsettled';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER invoicing_void_unsettled BEFORE UPDATE OF state ON invoicing_document
  FOR EACH ROW WHEN (NEW.state = 'void') EXECUTE FUNCTION invoicing_void_unsettled();

-- The balance of a payer moves with what is issued, made void and paid.
CREATE FUNCTION invoicing_balance_billed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO invoicing_balance (provider_id, issuer_id, payer_id, currency, billed, paid, allocated)
  SELECT n.provider_id, n.issuer_id, n.payer_id, n.currency,
         sum(CASE n.kind WHEN 'invoice' THEN n.payable ELSE -n.payable END * CASE n.state WHEN 'void' THEN -1 ELSE 1 END), 0, 0
    FROM was JOIN now_ n ON n.id = was.id AND n.state <> was.state
   WHERE n.kind IN ('invoice', 'credit_note')
   GROUP BY n.provider_id, n.issuer_id, n.payer_id, n.currency ORDER BY n.issuer_id, n.payer_id, n.currency
  ON CONFLICT (issuer_id, payer_id, currency) DO UPDATE SET billed = invoicing_balance.billed + excluded.billed;
  RETURN NULL;
END $$;
CREATE TRIGGER invoicing_balance_billed AFTER UPDATE ON invoicing_document
  REFERENCING OLD TABLE AS was NEW TABLE AS now_ FOR EACH STATEMENT EXECUTE FUNCTION invoicing_balance_billed();

CREATE FUNCTION invoicing_balance_paid() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO invoicing_balance (provider_id, issuer_id, payer_id, currency, billed, paid, allocated)
  SELECT provider_id, issuer_id, payer_id, currency, 0, sum(amount), 0 FROM made
   GROUP BY provider_id, issuer_id, payer_id, currency ORDER BY issuer_id, payer_id, currency
  ON CONFLICT (issuer_id, payer_id, currency) DO UPDATE SET paid = invoicing_balance.paid + excluded.paid;
  RETURN NULL;
END $$;
CREATE TRIGGER invoicing_balance_paid AFTER INSERT ON invoicing_payment
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION invoicing_balance_paid();

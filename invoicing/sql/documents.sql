-- What holds of documents and their numbers against any SQL of the application's login; it lives beside the models.

-- n stands on n − 1 of its series.
ALTER TABLE invoicing_document ADD CONSTRAINT document_on_the_last FOREIGN KEY (series_id, previous_number)
  REFERENCES invoicing_document (series_id, number);

-- A series begins with what it says is its first number, for somebody who makes out bills.
CREATE FUNCTION invoicing_series_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.next_number := NEW.start;
  NEW.last_issued_on := NULL;
  IF NEW.prefix <> replace(NEW.pattern, '{year}', coalesce(NEW.year::text, ''))
     OR (NEW.year IS NOT NULL) <> (position('{year}' IN NEW.pattern) > 0)
     OR NOT EXISTS (SELECT FROM tenants_tenant t WHERE t.id = NEW.issuer_id AND t.kind <> 'customer'
                       AND coalesce(t.provider_id, t.id) = NEW.provider_id) THEN
    RAISE EXCEPTION 'Tenant % cannot number its documents so.', NEW.issuer_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER invoicing_series_begins BEFORE INSERT ON invoicing_numberseries
  FOR EACH ROW EXECUTE FUNCTION invoicing_series_begins();

CREATE FUNCTION invoicing_series_retired() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Number series % is retired.', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER invoicing_series_retired BEFORE UPDATE ON invoicing_numberseries
  FOR EACH ROW WHEN (OLD.retired_at IS NOT NULL) EXECUTE FUNCTION invoicing_series_retired();

-- A document begins as a draft, between two of one house; what it is of stays. Once issued it can only become void:
-- an invoice or a proforma invoice that nothing corrects.
CREATE FUNCTION invoicing_document_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'draft' OR (
       SELECT count(*) FROM tenants_tenant t WHERE t.id IN (NEW.issuer_id, NEW.payer_id)
          AND coalesce(t.provider_id, t.id) = NEW.provider_id AND (t.id <> NEW.issuer_id OR t.kind <> 'customer')) <> 2
  THEN
    RAISE EXCEPTION 'A document begins as a draft, of who bills to who pays.' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM invoicing_document d
        WHERE d.id = NEW.corrects_id AND d.kind = 'invoice' AND d.state = 'issued'
          AND (d.provider_id, d.issuer_id, d.payer_id, d.currency) = (NEW.provider_id, NEW.issuer_id, NEW.payer_id, NEW.currency))
     OR NEW.proforma_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM invoicing_document d
        WHERE d.id = NEW.proforma_id AND d.kind = 'proforma' AND d.state = 'issued'
          AND (d.provider_id, d.issuer_id, d.payer_id, d.currency) = (NEW.provider_id, NEW.issuer_id, NEW.payer_id, NEW.currency))
  THEN
    RAISE EXCEPTION 'What it corrects or comes of is no issued document between the same two.'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER invoicing_document_begins BEFORE INSERT ON invoicing_document
  FOR EACH ROW EXECUTE FUNCTION invoicing_document_begins();

CREATE FUNCTION invoicing_document_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changeable text[] := '{state,voided_at,void_reason,gross,payable}';  -- what is generated is not there yet
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state = 'draft' THEN RETURN OLD; END IF;
  ELSIF OLD.state = 'draft' THEN
    IF NEW.state <> 'void' AND (OLD.id, OLD.provider_id, OLD.issuer_id, OLD.payer_id, OLD.seller_id, OLD.kind, OLD.currency,
        OLD.corrects_id, OLD.proforma_id, OLD.made_at) IS NOT DISTINCT FROM (NEW.id, NEW.provider_id, NEW.issuer_id,
        NEW.payer_id, NEW.seller_id, NEW.kind, NEW.currency, NEW.corrects_id, NEW.proforma_id, NEW.made_at) THEN
      RETURN NEW;
    END IF;
  ELSIF OLD.state = 'issued' AND NEW.state = 'void' AND OLD.kind IN ('invoice', 'proforma')
      AND to_jsonb(OLD) - changeable = to_jsonb(NEW) - changeable
      AND NOT EXISTS (SELECT FROM invoicing_document c WHERE c.corrects_id = OLD.id AND c.state = 'issued') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Document % was issued, or is what it is: it stays.', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER invoicing_document_kept BEFORE UPDATE OR DELETE ON invoicing_document
  FOR EACH ROW EXECUTE FUNCTION invoicing_document_kept();

-- Whoever issues counts, with the owner's right: the numbers that follow in the series, in the order of the dates. What a
-- credit note gives back is less than what the invoice has left, line by line, tax and all.
CREATE FUNCTION invoicing_documents_issued() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  wrong bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM was JOIN now_ n ON n.id = was.id WHERE was.state = 'draft' AND n.state = 'issued') THEN
    RETURN NULL;
  END IF;
  PERFORM FROM invoicing_document WHERE id IN (
      SELECT n.corrects_id FROM was JOIN now_ n ON n.id = was.id WHERE was.state = 'draft' AND n.state = 'issued')
    ORDER BY id FOR NO KEY UPDATE;
  SELECT n.id INTO wrong
    FROM was JOIN now_ n ON n.id = was.id JOIN invoicing_document d ON d.id = n.corrects_id
    JOIN LATERAL (SELECT sum(c.gross) AS gross FROM invoicing_document c
                   WHERE c.corrects_id = d.id AND c.state = 'issued') AS back ON true
   WHERE was.state = 'draft' AND n.state = 'issued' AND (d.state <> 'issued' OR back.gross > d.gross) LIMIT 1;
  IF NOT FOUND THEN
    SELECT n.id INTO wrong
      FROM was JOIN now_ n ON n.id = was.id JOIN invoicing_documentline l ON l.document_id = n.id
      LEFT JOIN invoicing_documentline o ON o.id = l.corrects_id AND o.document_id = n.corrects_id
      LEFT JOIN LATERAL (
           SELECT sum(c.amount) AS amount FROM invoicing_documentline c JOIN invoicing_document b ON b.id = c.document_id
            WHERE c.corrects_id = o.id AND b.state = 'issued') AS back ON true
     WHERE was.state = 'draft' AND n.state = 'issued' AND n.kind = 'credit_note'
       AND (o.id IS NULL OR l.amount < 0 OR back.amount > o.amount
            OR (l.category, l.rate) IS DISTINCT FROM (o.category, o.rate)) LIMIT 1;
  END IF;
  IF FOUND THEN
    RAISE EXCEPTION 'Document % gives back more than there is left.', wrong
      USING ERRCODE = 'check_violation', CONSTRAINT = 'document_credit_capped';
  END IF;
  PERFORM FROM invoicing_numberseries WHERE id IN (
      SELECT n.series_id FROM was JOIN now_ n ON n.id = was.id WHERE was.state = 'draft' AND n.state = 'issued')
    ORDER BY id FOR NO KEY UPDATE;
  SELECT i.id INTO wrong
    FROM (SELECT n.*, lag(n.issued_on) OVER run AS before, row_number() OVER run AS nth
            FROM was JOIN now_ n ON n.id = was.id WHERE was.state = 'draft' AND n.state = 'issued'
          WINDOW run AS (PARTITION BY n.series_id ORDER BY n.number)) AS i
    JOIN invoicing_numberseries s ON s.id = i.series_id
   WHERE s.retired_at IS NOT NULL OR (s.issuer_id, s.kind) <> (i.issuer_id, i.kind)
      OR i.number <> s.next_number + i.nth - 1
      OR i.previous_number IS DISTINCT FROM CASE WHEN i.number > s.start THEN i.number - 1 END
      OR i.issued_on < coalesce(i.before, s.last_issued_on, i.issued_on)
      OR s.year <> extract(year FROM i.issued_on)
      OR i.full_number <> s.prefix || lpad(i.number::text, greatest(s.digits, length(i.number::text)), '0') LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Document % does not follow in its series.', wrong
      USING ERRCODE = 'check_violation', CONSTRAINT = 'document_follows';
  END IF;
  UPDATE invoicing_numberseries s SET next_number = i.last + 1, last_issued_on = i.last_on
    FROM (SELECT n.series_id, max(n.number) AS last, max(n.issued_on) AS last_on
            FROM was JOIN now_ n ON n.id = was.id WHERE was.state = 'draft' AND n.state = 'issued' GROUP BY 1) AS i
   WHERE s.id = i.series_id;
  RETURN NULL;
END $$;
CREATE TRIGGER invoicing_documents_issued AFTER UPDATE ON invoicing_document
  REFERENCING OLD TABLE AS was NEW TABLE AS now_ FOR EACH STATEMENT EXECUTE FUNCTION invoicing_documents_issued();

-- The charges of what is void are to be billed again.
CREATE FUNCTION invoicing_document_void() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE invoicing_documentline SET counts = false WHERE document_id = NEW.id AND counts;
  RETURN NULL;
END $$;
CREATE TRIGGER invoicing_document_void AFTER UPDATE OF state ON invoicing_document
  FOR EACH ROW WHEN (NEW.state = 'void') EXECUTE FUNCTION invoicing_document_void();

-- Lines and taxes are written while their document is a draft; whoever writes waits for whoever issues it.
CREATE FUNCTION invoicing_of_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT d.state FROM invoicing_document d
                           WHERE d.id IN (SELECT document_id FROM written) ORDER BY d.id FOR SHARE) AS touched
              WHERE state <> 'draft') THEN
    RAISE EXCEPTION 'What was issued stays: %.', TG_TABLE_NAME USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER invoicing_line_added AFTER INSERT ON invoicing_documentline
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION invoicing_of_draft();
CREATE TRIGGER invoicing_line_taken AFTER DELETE ON invoicing_documentline
  REFERENCING OLD TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION invoicing_of_draft();
CREATE TRIGGER invoicing_tax_added AFTER INSERT ON invoicing_documenttax
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION invoicing_of_draft();
CREATE TRIGGER invoicing_tax_taken AFTER DELETE ON invoicing_documenttax
  REFERENCING OLD TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION invoicing_of_draft();

-- A line of a draft may name another charge or tax; one of what is void stands for no charge any more, and says the same.
CREATE FUNCTION invoicing_line_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_of text;
BEGIN
  SELECT d.state INTO is_of FROM invoicing_document d WHERE d.id = OLD.document_id FOR SHARE;
  IF NEW.document_id = OLD.document_id AND (is_of = 'draft'
       OR is_of = 'void' AND NOT NEW.counts AND to_jsonb(OLD) - 'counts' = to_jsonb(NEW) - 'counts') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'What was issued stays: line %.', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER invoicing_line_kept BEFORE UPDATE ON invoicing_documentline
  FOR EACH ROW EXECUTE FUNCTION invoicing_line_kept();

CREATE FUNCTION invoicing_tax_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Taxes of a document are written anew, not changed.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER invoicing_tax_kept BEFORE UPDATE ON invoicing_documenttax
  FOR EACH ROW EXECUTE FUNCTION invoicing_tax_kept();

-- What a document says is of what was issued.
CREATE FUNCTION invoicing_paper_of_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM written w JOIN invoicing_document d ON d.id = w.document_id
              WHERE d.state <> 'issued' OR w.content ->> 'number' IS DISTINCT FROM d.full_number) THEN
    RAISE EXCEPTION 'Only what is issued is frozen.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER invoicing_paper_of_issued AFTER INSERT ON invoicing_frozenpaper
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION invoicing_paper_of_issued();
CREATE TRIGGER invoicing_kept BEFORE UPDATE OR DELETE ON invoicing_frozenpaper
  FOR EACH ROW EXECUTE FUNCTION invoicing_kept();

-- Looked at when all is written: lines come to the net, at each rate as the tax is of; a charge stands as a whole on the
-- one document, between the two whom it is between, and what is issued is frozen.
CREATE FUNCTION invoicing_document_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  d invoicing_document;
  is_wrong boolean;
BEGIN
  SELECT * INTO d FROM invoicing_document WHERE id = NEW.id;
  IF NOT FOUND OR d.state = 'void' THEN RETURN NULL; END IF;
  SELECT coalesce(sum(coalesce(l.net, 0)), 0) <> d.net OR coalesce(sum(t.tax), 0) <> d.tax
         OR coalesce(bool_or(l.net IS DISTINCT FROM t.net), false)
         OR coalesce(bool_or(l.counts <> (d.kind <> 'proforma') OR NOT l.is_counted), false)
         OR d.state = 'issued' AND (count(l.net) = 0 OR NOT EXISTS (SELECT FROM invoicing_frozenpaper WHERE document_id = d.id))
    INTO is_wrong
    FROM (SELECT category, rate, sum(amount) AS net, bool_and(counts) AS counts, bool_and(counts) = bool_or(counts) AS is_counted
            FROM invoicing_documentline WHERE document_id = d.id GROUP BY 1, 2) AS l
    FULL JOIN (SELECT category, rate, net, tax FROM invoicing_documenttax WHERE document_id = d.id) AS t
      ON (t.category, t.rate) = (l.category, l.rate);
  IF NOT is_wrong THEN
    SELECT EXISTS (
      SELECT FROM invoicing_documentline l JOIN invoicing_charge c ON c.id = l.charge_id
       WHERE l.document_id = d.id
       GROUP BY c.id
      HAVING sum(l.amount) <> CASE WHEN d.kind = 'credit_note' THEN -c.amount ELSE c.amount END OR min(l.piece) <> 0
          OR (c.provider_id, c.issuer_id, c.payer_id, c.currency::text) <> (d.provider_id, d.issuer_id, d.payer_id, d.currency::text))
      INTO is_wrong;
  END IF;
  IF is_wrong THEN
    RAISE EXCEPTION 'Document % does not add up.', d.id USING ERRCODE = 'check_violation', CONSTRAINT = 'document_adds_up';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER invoicing_document_adds_up AFTER INSERT OR UPDATE ON invoicing_document
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION invoicing_document_adds_up();

-- Of an account that was charged something the currency stays.
CREATE FUNCTION invoicing_currency_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM invoicing_charge WHERE payer_id = NEW.tenant_id) THEN
    RAISE EXCEPTION 'Tenant % was charged in %.', NEW.tenant_id, OLD.currency
      USING ERRCODE = 'check_violation', CONSTRAINT = 'profile_currency_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER invoicing_currency_kept BEFORE UPDATE OF currency ON tenants_profile
  FOR EACH ROW WHEN (NEW.currency <> OLD.currency) EXECUTE FUNCTION invoicing_currency_kept();

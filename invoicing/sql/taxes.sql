-- What was answered about a VAT ID is proof, whoever changes its columns; it lives beside the models.

CREATE FUNCTION invoicing_vat_check_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'unknown' THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION 'What was answered about a VAT ID stays.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER invoicing_vat_check_kept BEFORE UPDATE OR DELETE ON invoicing_vatcheck
  FOR EACH ROW EXECUTE FUNCTION invoicing_vat_check_kept();

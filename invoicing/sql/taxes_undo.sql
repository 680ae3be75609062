DROP TRIGGER invoicing_vat_check_kept ON invoicing_vatcheck;
DROP FUNCTION invoicing_vat_check_kept();

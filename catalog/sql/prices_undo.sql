DROP TRIGGER catalog_price_rule ON catalog_pricerule;
DROP FUNCTION catalog_price_rule();
DROP TRIGGER catalog_list_held ON catalog_pricelist;
DROP FUNCTION catalog_list_held();
DROP TRIGGER catalog_holder_left ON tenants_tenant;
DROP FUNCTION catalog_holder_left();

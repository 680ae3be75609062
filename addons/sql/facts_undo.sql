DROP TRIGGER catalog_kept ON addons_bulkprice;
DROP TRIGGER addons_sale_kept ON addons_addonsale;
DROP TRIGGER catalog_kept ON addons_addononeoff;
DROP TRIGGER addons_one_off ON addons_addononeoff;
DROP FUNCTION addons_one_off();
DROP TRIGGER addons_goes_on ON addons_addonsale;
DROP FUNCTION addons_goes_on();
DROP FUNCTION addons_owed(bigint);

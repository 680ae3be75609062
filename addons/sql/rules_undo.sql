DROP TRIGGER addons_sale_stays ON addons_addonsale;
DROP TRIGGER addons_sale_kept ON addons_addonsale;
DROP FUNCTION addons_sale_kept();
DROP TRIGGER addons_sold ON addons_addonsale;
DROP FUNCTION addons_sold();
DROP TRIGGER addons_package_updated ON addons_addonpackage;
DROP TRIGGER addons_package_inserted ON addons_addonpackage;
DROP TRIGGER addons_resource_updated ON addons_addonresource;
DROP TRIGGER addons_resource_inserted ON addons_addonresource;
DROP FUNCTION addons_of_type();
DROP TRIGGER addons_owner_kept ON addons_addon;
DROP TRIGGER addons_owner ON addons_addon;
DROP FUNCTION addons_owner();
ALTER TABLE addons_bulksale DROP CONSTRAINT bulk_sale_add_on;
ALTER TABLE addons_addonsale DROP CONSTRAINT add_on_sale_add_on, DROP CONSTRAINT add_on_sale_subscription;
ALTER TABLE addons_addon
  DROP CONSTRAINT add_on_not_its_own_copy, DROP CONSTRAINT add_on_like_original, DROP CONSTRAINT add_on_in_house;

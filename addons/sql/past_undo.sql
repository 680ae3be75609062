DROP TRIGGER addons_ends_in_term ON addons_addonsale;
DROP TRIGGER addons_begins_in_term ON addons_addonsale;
DROP FUNCTION addons_in_term();

DROP TRIGGER tenants_closing ON tenants_tenant;
DROP FUNCTION tenants_closing();

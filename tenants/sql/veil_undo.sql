DROP TRIGGER tenants_veil_below ON tenants_tenant;
DROP TRIGGER tenants_veil_update ON tenants_tenant;
DROP TRIGGER tenants_veil_insert ON tenants_tenant;
DROP FUNCTION tenants_veil_below();
DROP FUNCTION tenants_veil();

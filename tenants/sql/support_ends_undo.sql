DROP TRIGGER tenants_support_ends ON tenants_supportphase;
DROP FUNCTION tenants_support_ends();

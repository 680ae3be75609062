DROP TRIGGER tenants_user_deactivated ON tenants_user;
DROP TRIGGER tenants_membership_changed ON tenants_membership;
DROP TRIGGER tenants_membership_removed ON tenants_membership;
DROP FUNCTION tenants_user_kept();
DROP FUNCTION tenants_membership_kept();
DROP FUNCTION tenants_keep_administrator(bigint);

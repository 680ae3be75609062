DROP INDEX tenants_profile_owner_has;
DROP INDEX tenants_profile_name_has;

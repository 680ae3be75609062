DROP FUNCTION tenants_support_today(bigint, timestamptz);

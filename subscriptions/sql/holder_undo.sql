DROP TRIGGER subscriptions_holder ON tenants_tenant;
DROP FUNCTION subscriptions_holder();

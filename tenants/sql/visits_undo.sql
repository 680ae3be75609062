DROP TRIGGER tenants_visit_kept ON tenants_visit;
DROP FUNCTION tenants_visit_kept();

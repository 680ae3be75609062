DROP TRIGGER tenants_event_kept ON tenants_event;
DROP FUNCTION tenants_event_kept();

-- The application's login has no right to change or delete events; this says so to the owner, too.
CREATE FUNCTION tenants_event_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Events are added to, never changed or deleted.' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER tenants_event_kept BEFORE UPDATE OR DELETE ON tenants_event
  FOR EACH ROW EXECUTE FUNCTION tenants_event_kept();

-- A visit is evidence: who acted as whom, why and when is never rewritten. It is ended, once.
CREATE FUNCTION tenants_visit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL
     AND to_jsonb(NEW) - 'ended_at' = to_jsonb(OLD) - 'ended_at' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Visits are ended once, never changed or deleted.' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER tenants_visit_kept BEFORE UPDATE OR DELETE ON tenants_visit
  FOR EACH ROW EXECUTE FUNCTION tenants_visit_kept();

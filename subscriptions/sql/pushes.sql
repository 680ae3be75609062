-- A push is of a version of its package, and what was asked for stays as it was.
ALTER TABLE subscriptions_push ADD CONSTRAINT push_version
  FOREIGN KEY (version_id, package_id) REFERENCES catalog_packageversion (id, package_id);
CREATE FUNCTION subscriptions_push_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(OLD) - 'next_on' = to_jsonb(NEW) - 'next_on' THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'Push % was started: what it asks for stays.', OLD.id USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER subscriptions_push_kept BEFORE UPDATE OR DELETE ON subscriptions_push
  FOR EACH ROW EXECUTE FUNCTION subscriptions_push_kept();

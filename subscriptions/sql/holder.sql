-- A tenant with open subscriptions keeps its kind, and is not closed: they are of one kind, and end first.
CREATE FUNCTION subscriptions_holder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM subscriptions_subscription WHERE tenant_id = NEW.id AND state <> 'closed') THEN
    RAISE EXCEPTION 'Tenant % has open subscriptions.', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_holder BEFORE UPDATE OF kind, status ON tenants_tenant FOR EACH ROW
  WHEN (OLD.kind <> NEW.kind OR (OLD.status <> 'closed' AND NEW.status = 'closed'))
  EXECUTE FUNCTION subscriptions_holder();

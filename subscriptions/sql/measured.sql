-- An event is of a subscription of its provider, of whoever holds it then, and of a resource of its service. Once for
-- all rows of a statement: three foreign keys for each row took as long as all the rest of counting them.
ALTER TABLE subscriptions_usageevent DROP CONSTRAINT usage_event_of_subscription;
CREATE FUNCTION subscriptions_measured() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong bigint;
BEGIN
  SELECT m.subscription_id INTO wrong FROM measured m
    LEFT JOIN subscriptions_subscription s
      ON s.id = m.subscription_id AND s.provider_id = m.provider_id AND s.tenant_id = m.tenant_id
    LEFT JOIN catalog_resource r ON r.id = m.resource_id AND r.service_type_id = s.service_type_id
   WHERE r.id IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Provider, holder or service of an event are not those of subscription %.', wrong
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER subscriptions_measured AFTER INSERT ON subscriptions_usageevent
  REFERENCING NEW TABLE AS measured FOR EACH STATEMENT EXECUTE FUNCTION subscriptions_measured();

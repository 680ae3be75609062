-- The rules of subscriptions that hold against any SQL of the application's login; they live beside the models.

-- Package and instance are of the subscription's service type and provider; a source is held by the seller, on the same instance.
ALTER TABLE subscriptions_subscription
  ADD CONSTRAINT subscription_package FOREIGN KEY (package_id, service_type_id, provider_id)
    REFERENCES catalog_package (id, service_type_id, provider_id),
  ADD CONSTRAINT subscription_instance FOREIGN KEY (service_instance_id, service_type_id)
    REFERENCES catalog_serviceinstance (id, service_type_id),
  ADD CONSTRAINT subscription_source FOREIGN KEY (source_id, seller_id, service_instance_id)
    REFERENCES subscriptions_subscription (id, tenant_id, service_instance_id);

-- A holding is where its subscription is, and moves with it; the ledgers stay in their provider's house.
ALTER TABLE subscriptions_holding ADD CONSTRAINT holding_of_subscription
  FOREIGN KEY (subscription_id, provider_id, tenant_id, seller_id)
  REFERENCES subscriptions_subscription (id, provider_id, tenant_id, seller_id) ON UPDATE CASCADE;
ALTER TABLE subscriptions_grant ADD CONSTRAINT grant_of_subscription
  FOREIGN KEY (subscription_id, provider_id) REFERENCES subscriptions_subscription (id, provider_id);
ALTER TABLE subscriptions_usageevent ADD CONSTRAINT usage_event_of_subscription
  FOREIGN KEY (subscription_id, provider_id) REFERENCES subscriptions_subscription (id, provider_id);

-- The holder is a tenant of the provider, of the kind the package is for, and buys from the seller.
CREATE FUNCTION subscriptions_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM tenants_tenant t JOIN catalog_package p ON p.id = NEW.package_id
                  WHERE t.id = NEW.tenant_id AND t.provider_id = NEW.provider_id AND t.kind = p.audience
                    AND coalesce(t.parent_id, t.provider_id) = NEW.seller_id) THEN
    RAISE EXCEPTION 'Tenant % cannot hold package % from seller %.', NEW.tenant_id, NEW.package_id, NEW.seller_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_place
  BEFORE INSERT OR UPDATE OF provider_id, tenant_id, seller_id, package_id ON subscriptions_subscription
  FOR EACH ROW EXECUTE FUNCTION subscriptions_place();

-- What is open does not draw on what is closed.
CREATE FUNCTION subscriptions_drawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'closed' THEN
    IF EXISTS (SELECT FROM subscriptions_subscription WHERE source_id = NEW.id AND state <> 'closed') THEN
      RAISE EXCEPTION 'Open subscriptions draw on subscription %.', NEW.id USING ERRCODE = 'check_violation';
    END IF;
  ELSIF EXISTS (SELECT FROM subscriptions_subscription WHERE id = NEW.source_id AND state = 'closed') THEN
    RAISE EXCEPTION 'Subscription % is closed: nothing can draw on it.', NEW.source_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_drawn BEFORE INSERT OR UPDATE OF state, source_id ON subscriptions_subscription
  FOR EACH ROW EXECUTE FUNCTION subscriptions_drawn();

-- The application's login has no right to change or delete in the ledgers; this says so to the owner, too.
CREATE FUNCTION subscriptions_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is added to, never changed or deleted.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER subscriptions_kept BEFORE UPDATE OR DELETE ON subscriptions_grant
  FOR EACH ROW EXECUTE FUNCTION subscriptions_kept();
CREATE TRIGGER subscriptions_kept BEFORE UPDATE OR DELETE ON subscriptions_usageevent
  FOR EACH ROW EXECUTE FUNCTION subscriptions_kept();

-- What holds of offerings, listings and orders against any SQL of the application's login; it lives beside the models.

-- Only a commission reseller has offerings: of packages of its house, made by somebody above it or by itself.
CREATE FUNCTION subscriptions_offering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM tenants_resellerterms WHERE tenant_id = NEW.tenant_id AND type = 'commission' FOR SHARE;
  IF NOT FOUND OR NOT EXISTS (SELECT FROM tenants_tenant t JOIN catalog_package p ON p.id = NEW.package_id
                  WHERE t.id = NEW.tenant_id AND t.provider_id = NEW.provider_id AND p.provider_id = NEW.provider_id
                    AND p.tenant_id = ANY (t.ancestors)) THEN
    RAISE EXCEPTION 'Tenant % cannot offer package %.', NEW.tenant_id, NEW.package_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_offering BEFORE INSERT OR UPDATE ON subscriptions_offering
  FOR EACH ROW EXECUTE FUNCTION subscriptions_offering();

-- They end with the type: who becomes prepaid, or is no reseller any more, sells what it holds.
CREATE FUNCTION subscriptions_offerings_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM subscriptions_offering WHERE tenant_id = OLD.tenant_id;
  RETURN NULL;
END $$;
CREATE TRIGGER subscriptions_offerings_end AFTER UPDATE OF type ON tenants_resellerterms
  FOR EACH ROW WHEN (OLD.type = 'commission' AND NEW.type <> 'commission')
  EXECUTE FUNCTION subscriptions_offerings_end();
CREATE TRIGGER subscriptions_offerings_gone AFTER DELETE ON tenants_resellerterms
  FOR EACH ROW WHEN (OLD.type = 'commission') EXECUTE FUNCTION subscriptions_offerings_end();

-- Package and instance of a listing are of one service type and of the seller's house.
ALTER TABLE subscriptions_listing
  ADD CONSTRAINT listing_package FOREIGN KEY (package_id, service_type_id, provider_id)
    REFERENCES catalog_package (id, service_type_id, provider_id),
  ADD CONSTRAINT listing_instance FOREIGN KEY (service_instance_id, service_type_id)
    REFERENCES catalog_serviceinstance (id, service_type_id);
CREATE FUNCTION subscriptions_listing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM tenants_tenant t JOIN catalog_package p ON p.id = NEW.package_id
                  WHERE t.id = NEW.tenant_id AND t.kind <> 'customer' AND NEW.provider_id = coalesce(t.provider_id, t.id)
                    AND p.tenant_id = ANY (t.ancestors)) THEN
    RAISE EXCEPTION 'Tenant % cannot list package %.', NEW.tenant_id, NEW.package_id USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (OLD.tenant_id, OLD.package_id, OLD.provider_id)
                       <> (NEW.tenant_id, NEW.package_id, NEW.provider_id) THEN
    RAISE EXCEPTION 'Listing % is of one seller and package for good.', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_listing BEFORE INSERT OR UPDATE ON subscriptions_listing
  FOR EACH ROW EXECUTE FUNCTION subscriptions_listing();

-- An order is what a listing of the tenant's seller offers; what it becomes is a subscription of the tenant, of the
-- package and so many times.
ALTER TABLE subscriptions_order ADD CONSTRAINT order_of_listing
  FOREIGN KEY (listing_id, seller_id, package_id) REFERENCES subscriptions_listing (id, tenant_id, package_id);
CREATE FUNCTION subscriptions_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NOT EXISTS (
       SELECT FROM tenants_tenant t JOIN catalog_package p ON p.id = NEW.package_id
         JOIN catalog_packageversion v ON v.id = NEW.version_id AND v.package_id = p.id
         JOIN catalog_serviceinstance i ON i.id = NEW.service_instance_id AND i.service_type_id = p.service_type_id
        WHERE t.id = NEW.tenant_id AND t.provider_id = NEW.provider_id AND t.kind = p.audience
          AND coalesce(t.parent_id, t.provider_id) = NEW.seller_id) THEN
    RAISE EXCEPTION 'Tenant % cannot order package % from %.', NEW.tenant_id, NEW.package_id, NEW.seller_id
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.subscription_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM subscriptions_subscription s
        WHERE s.id = NEW.subscription_id AND s.tenant_id = NEW.tenant_id AND s.seller_id = NEW.seller_id
          AND s.package_id = NEW.package_id AND s.quantity = NEW.quantity) THEN
    RAISE EXCEPTION 'Subscription % is not what was ordered.', NEW.subscription_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_order BEFORE INSERT OR UPDATE ON subscriptions_order
  FOR EACH ROW EXECUTE FUNCTION subscriptions_order();

-- What was ordered stays as it was ordered, and is decided once.
CREATE FUNCTION subscriptions_order_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  decision text[] := ARRAY['state', 'decided_at', 'decided_by_id', 'comment', 'subscription_id'];
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state = 'pending' AND NEW.state <> 'pending'
     AND to_jsonb(OLD) - decision = to_jsonb(NEW) - decision THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Order % is decided once, and stays as it was made.', OLD.id USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER subscriptions_order_kept BEFORE UPDATE OR DELETE ON subscriptions_order
  FOR EACH ROW EXECUTE FUNCTION subscriptions_order_kept();

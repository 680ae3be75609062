-- What holds of terms and plans against any SQL of the application's login; it lives beside the models.

-- A plan begins open, in the house of its subscription and of its holder, of a package of the same service type, while
-- the subscription is open itself.
ALTER TABLE subscriptions_plannedchange ADD CONSTRAINT planned_change_of_subscription
  FOREIGN KEY (subscription_id, provider_id) REFERENCES subscriptions_subscription (id, provider_id);
CREATE FUNCTION subscriptions_planned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'planned' OR NOT EXISTS (
       SELECT FROM subscriptions_subscription s
        WHERE s.id = NEW.subscription_id AND s.tenant_id = NEW.tenant_id AND s.state <> 'closed'
          AND (NEW.kind = 'start') = (s.state = 'pending')
          AND (NEW.version_id IS NULL OR EXISTS (
               SELECT FROM catalog_packageversion v JOIN catalog_package p ON p.id = v.package_id
                WHERE v.id = NEW.version_id AND p.service_type_id = s.service_type_id
                  AND p.provider_id = s.provider_id))) THEN
    RAISE EXCEPTION 'This cannot be planned for subscription %.', NEW.subscription_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_planned BEFORE INSERT ON subscriptions_plannedchange
  FOR EACH ROW EXECUTE FUNCTION subscriptions_planned();

-- What was planned stays what it was; an open plan is settled once, and until then follows its holder.
CREATE FUNCTION subscriptions_planned_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.state = 'planned'
       AND to_jsonb(OLD) - '{state,reason,settled_at,tenant_id,unit_price}'::text[]
         = to_jsonb(NEW) - '{state,reason,settled_at,tenant_id,unit_price}'::text[]
       AND (NEW.unit_price IS NULL OR NEW.unit_price = OLD.unit_price)
       AND (NEW.tenant_id = OLD.tenant_id OR EXISTS (
            SELECT FROM subscriptions_subscription s WHERE s.id = NEW.subscription_id AND s.tenant_id = NEW.tenant_id)) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'Plan % is settled once; what it says stays.', OLD.id USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER subscriptions_planned_kept BEFORE UPDATE OR DELETE ON subscriptions_plannedchange
  FOR EACH ROW EXECUTE FUNCTION subscriptions_planned_kept();

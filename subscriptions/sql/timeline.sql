-- What holds of phases and their fees against any SQL of the application's login; it lives beside the models.

-- A phase is in the house of its subscription; it begins with the place, the package and the quantity that this has.
ALTER TABLE subscriptions_phase ADD CONSTRAINT phase_of_subscription
  FOREIGN KEY (subscription_id, provider_id) REFERENCES subscriptions_subscription (id, provider_id);
CREATE FUNCTION subscriptions_phase_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM subscriptions_subscription s JOIN catalog_packageversion v ON v.package_id = s.package_id
                  WHERE s.id = NEW.subscription_id AND v.id = NEW.version_id AND s.tenant_id = NEW.tenant_id
                    AND s.seller_id = NEW.seller_id AND s.quantity = NEW.quantity AND s.state = NEW.state
                    AND s.started_on <= NEW.starts_on) THEN
    RAISE EXCEPTION 'Subscription % is not what the phase says.', NEW.subscription_id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.ends_on IS NOT NULL OR EXISTS (SELECT FROM subscriptions_phase p WHERE p.subscription_id = NEW.subscription_id
                                           AND (p.ends_on IS NULL OR p.ends_on > NEW.starts_on)) THEN
    RAISE EXCEPTION 'A phase of subscription % begins open, where the last one ended.', NEW.subscription_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_phase_begins BEFORE INSERT ON subscriptions_phase
  FOR EACH ROW EXECUTE FUNCTION subscriptions_phase_begins();

-- What was held when is history: of a phase only its end is written, and only once.
CREATE FUNCTION subscriptions_phase_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.ends_on IS NULL AND NEW.ends_on IS NOT NULL
       AND to_jsonb(OLD) - 'ends_on' = to_jsonb(NEW) - 'ends_on' THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'Phase % is history: only its end is written, once.', OLD.id USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER subscriptions_phase_kept BEFORE UPDATE OR DELETE ON subscriptions_phase
  FOR EACH ROW EXECUTE FUNCTION subscriptions_phase_kept();

-- Who owes whom for a phase is said while it is open, between tenants of its house: the holder pays the account fee,
-- who sells above it the reseller fees, each to somebody above.
CREATE FUNCTION subscriptions_phase_fee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM subscriptions_phase p
                   JOIN tenants_tenant holder ON holder.id = p.tenant_id
                   JOIN tenants_tenant payer ON payer.id = NEW.payer_id
                  WHERE p.id = NEW.phase_id AND p.ends_on IS NULL AND p.provider_id = NEW.provider_id
                    AND payer.id = ANY (holder.ancestors) AND NEW.issuer_id = ANY (payer.ancestors)
                    AND (payer.id = holder.id) = (NEW.stream = 'account')) THEN
    RAISE EXCEPTION 'Tenant % cannot owe % anything for phase %.', NEW.payer_id, NEW.issuer_id, NEW.phase_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_phase_fee BEFORE INSERT ON subscriptions_phasefee
  FOR EACH ROW EXECUTE FUNCTION subscriptions_phase_fee();
CREATE TRIGGER subscriptions_kept BEFORE UPDATE OR DELETE ON subscriptions_phasefee
  FOR EACH ROW EXECUTE FUNCTION subscriptions_kept();

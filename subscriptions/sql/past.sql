-- What is past stays past, whoever writes; it lives beside the models. The database does not ask the clock: it knows the
-- term that runs, and which transaction wrote a phase.

-- Who owes what for a phase is said by the transaction that begins it, and never later.
ALTER TABLE subscriptions_phase ADD COLUMN made_in xid8 NOT NULL DEFAULT pg_current_xact_id();

-- A phase begins open, where the last one ended; the first with its subscription. Package, place and quantity are those
-- of the subscription, the fees those of versions of its package.
CREATE OR REPLACE FUNCTION subscriptions_phase_begins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held subscriptions_subscription;
BEGIN
  SELECT s.* INTO held FROM subscriptions_subscription s JOIN catalog_packageversion v ON v.package_id = s.package_id
   WHERE s.id = NEW.subscription_id AND v.id = NEW.version_id AND s.tenant_id = NEW.tenant_id
     AND s.seller_id = NEW.seller_id AND s.quantity = NEW.quantity AND s.state = NEW.state
     AND EXISTS (SELECT FROM catalog_packageversion w WHERE w.package_id = s.package_id
                    AND w.reseller_fee_id IS NOT DISTINCT FROM NEW.reseller_fee_id)
     AND EXISTS (SELECT FROM catalog_packageversion w WHERE w.package_id = s.package_id
                    AND w.account_fee_id IS NOT DISTINCT FROM NEW.account_fee_id);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Subscription % is not what the phase says.', NEW.subscription_id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.ends_on IS NOT NULL OR NEW.starts_on IS DISTINCT FROM coalesce(
       (SELECT coalesce(p.ends_on, 'infinity') FROM subscriptions_phase p
         WHERE p.subscription_id = NEW.subscription_id ORDER BY p.id DESC LIMIT 1), held.started_on) THEN
    RAISE EXCEPTION 'A phase of subscription % begins open, where the last one ended.', NEW.subscription_id
      USING ERRCODE = 'check_violation';
  END IF;
  NEW.made_in := pg_current_xact_id();
  RETURN NEW;
END $$;

-- What was held when is history: of a phase only its end is written, only once, and not in a term that is over.
CREATE OR REPLACE FUNCTION subscriptions_phase_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.ends_on IS NULL AND to_jsonb(OLD) - 'ends_on' = to_jsonb(NEW) - 'ends_on'
       AND NEW.ends_on >= (SELECT term_starts_on FROM subscriptions_subscription WHERE id = OLD.subscription_id) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'Phase % is history: only its end is written, once, in the term that runs.', OLD.id
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE FUNCTION subscriptions_phase_fee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM subscriptions_phase p
                   JOIN tenants_tenant holder ON holder.id = p.tenant_id
                   JOIN tenants_tenant payer ON payer.id = NEW.payer_id
                  WHERE p.id = NEW.phase_id AND p.made_in = pg_current_xact_id() AND p.ends_on IS NULL
                    AND p.provider_id = NEW.provider_id
                    AND payer.id = ANY (holder.ancestors) AND NEW.issuer_id = ANY (payer.ancestors)
                    AND (payer.id = holder.id) = (NEW.stream = 'account')) THEN
    RAISE EXCEPTION 'Tenant % cannot owe % anything for phase %.', NEW.payer_id, NEW.issuer_id, NEW.phase_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- An early cancellation fee is due with the last phase, or with the last one of a package that another follows.
CREATE OR REPLACE FUNCTION subscriptions_one_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
       SELECT FROM subscriptions_phasefee f
         JOIN subscriptions_phase p ON p.id = f.phase_id
         JOIN subscriptions_subscription s ON s.id = p.subscription_id
         JOIN catalog_packageversion v ON v.id = p.version_id
         LEFT JOIN catalog_feeversion fv ON fv.id = f.fee_version_id
         LEFT JOIN LATERAL (
              SELECT w.package_id FROM subscriptions_phase q JOIN catalog_packageversion w ON w.id = q.version_id
               WHERE q.subscription_id = p.subscription_id AND q.id < p.id ORDER BY q.id DESC LIMIT 1) AS before ON true
         CROSS JOIN LATERAL (
              SELECT count(*) AS phases FROM subscriptions_phase q
               WHERE q.subscription_id = p.subscription_id AND q.id > p.id) AS later
        WHERE f.id = NEW.phase_fee_id AND p.subscription_id = NEW.subscription_id AND f.provider_id = NEW.provider_id
          AND (f.payer_id, f.issuer_id, f.currency::text) = (NEW.payer_id, NEW.issuer_id, NEW.currency::text)
          AND f.fee_version_id IS NOT DISTINCT FROM NEW.fee_version_id
          AND CASE NEW.kind
              WHEN 'activation' THEN p.ends_on IS NULL AND NEW."on" = p.starts_on AND NEW.amount = f.activation_amount
                AND before.package_id IS DISTINCT FROM v.package_id
                AND (before.package_id IS NULL) = (NEW.step = 'start')
                AND NEW.once_of_id IS NOT DISTINCT FROM CASE WHEN NOT f.applies_more_than_once THEN fv.fee_id END
              WHEN 'cancellation' THEN NEW."on" = p.ends_on AND NEW.amount = f.cancellation_amount
                AND CASE NEW.step WHEN 'end' THEN s.state = 'closed' AND later.phases = 0
                    ELSE s.package_id <> v.package_id AND later.phases = 1 END
              ELSE p.ends_on IS NOT NULL AND NEW.quantity <= p.quantity AND later.phases = (NEW.step <> 'end')::int
              END) THEN
    RAISE EXCEPTION 'Nothing agreed for subscription % says so.', NEW.subscription_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- An event is of whoever holds the subscription, or held it on the day on which it was measured; first, before it began.
CREATE OR REPLACE FUNCTION subscriptions_measured() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong bigint;
BEGIN
  SELECT m.subscription_id INTO wrong FROM measured m
    LEFT JOIN subscriptions_subscription s
      ON s.id = m.subscription_id AND s.provider_id = m.provider_id AND (s.tenant_id = m.tenant_id OR m.tenant_id = (
         SELECT p.tenant_id FROM subscriptions_phase p
          WHERE p.subscription_id = m.subscription_id AND p.ends_on > (m.at AT TIME ZONE 'UTC')::date
          ORDER BY p.id LIMIT 1))
    LEFT JOIN catalog_resource r ON r.id = m.resource_id AND r.service_type_id = s.service_type_id
   WHERE r.id IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Provider, holder or service of an event are not those of subscription %.', wrong
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

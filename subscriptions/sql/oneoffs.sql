-- What is due once rests on what was agreed for a phase, whoever writes it; it lives beside the models.

-- An activation fee is due with the phase that begins what was not held before, an early cancellation fee with the last
-- one, both as agreed for it; what is credited from another day is of the phase that ended last.
CREATE FUNCTION subscriptions_one_off() RETURNS trigger LANGUAGE plpgsql AS $$
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
              WHEN 'cancellation' THEN s.state = 'closed' AND NEW."on" = p.ends_on AND NEW.amount = f.cancellation_amount
                AND later.phases = 0
              ELSE p.ends_on IS NOT NULL AND NEW.quantity <= p.quantity AND later.phases = (NEW.step <> 'end')::int
              END) THEN
    RAISE EXCEPTION 'Nothing agreed for subscription % says so.', NEW.subscription_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_one_off BEFORE INSERT ON subscriptions_oneoff
  FOR EACH ROW EXECUTE FUNCTION subscriptions_one_off();
CREATE TRIGGER subscriptions_kept BEFORE UPDATE OR DELETE ON subscriptions_oneoff
  FOR EACH ROW EXECUTE FUNCTION subscriptions_kept();

CREATE OR REPLACE FUNCTION subscriptions_planned_kept() RETURNS trigger LANGUAGE plpgsql AS $$
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

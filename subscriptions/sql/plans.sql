-- The price that was agreed for a plan is a part of it: where another counts, the plan is withdrawn and made anew.
CREATE OR REPLACE FUNCTION subscriptions_planned_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.state = 'planned'
       AND to_jsonb(OLD) - '{state,reason,settled_at,tenant_id}'::text[]
         = to_jsonb(NEW) - '{state,reason,settled_at,tenant_id}'::text[]
       AND (NEW.tenant_id = OLD.tenant_id OR EXISTS (
            SELECT FROM subscriptions_subscription s WHERE s.id = NEW.subscription_id AND s.tenant_id = NEW.tenant_id)) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'Plan % is settled once; what it says stays.', OLD.id USING ERRCODE = 'insufficient_privilege';
END $$;

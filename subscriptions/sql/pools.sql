-- The rules of pools that hold against any SQL of the application's login, which may not write what counts: the ledger
-- is added to, and these functions, with the owner's right, make pools and assignments say what it says.

ALTER TABLE subscriptions_pool
  ADD CONSTRAINT pool_of_parent_s_house FOREIGN KEY (parent_id, provider_id)
    REFERENCES subscriptions_pool (id, provider_id);
ALTER TABLE subscriptions_poolassignment
  ADD CONSTRAINT pool_assignment_of_house FOREIGN KEY (pool_id, provider_id)
    REFERENCES subscriptions_pool (id, provider_id);
ALTER TABLE subscriptions_seatentry
  ADD CONSTRAINT seat_entry_of_house FOREIGN KEY (pool_id, provider_id)
    REFERENCES subscriptions_pool (id, provider_id)
    DEFERRABLE INITIALLY DEFERRED;  -- looked at before the movement, all who move seats of a pool would share its lock

-- A pool begins empty: one that was purchased is active, one that is given waits. What it is of it has from its parent.
-- A provider and large account resellers buy; who is mapped and active is given, by whoever is above it or supplies it.
CREATE FUNCTION subscriptions_pool_begins() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  above subscriptions_pool;
  holder tenants_tenant;
BEGIN
  SELECT * INTO holder FROM tenants_tenant WHERE id = NEW.tenant_id;
  IF holder.kind = 'customer' OR coalesce(holder.provider_id, holder.id) <> NEW.provider_id THEN
    RAISE EXCEPTION 'Tenant % cannot hold a pool.', NEW.tenant_id USING ERRCODE = 'check_violation';
  END IF;
  NEW.seats := 0; NEW.pending := 0; NEW.allocated := 0; NEW.assigned := 0;
  NEW.was_assigned := false; NEW.reclaimed_at := NULL; NEW.ends_at := NEW.own_end;
  IF NEW.parent_id IS NULL THEN
    IF holder.status <> 'active' OR holder.kind <> 'provider'
       AND NOT EXISTS (SELECT FROM tenants_resellerterms WHERE tenant_id = holder.id AND is_large) THEN
      RAISE EXCEPTION 'Tenant % purchases no pools.', NEW.tenant_id USING ERRCODE = 'check_violation';
    END IF;
    NEW.state := 'active'; NEW.line := ARRAY[NEW.id]; NEW.holders := ARRAY[NEW.tenant_id];
    RETURN NEW;
  END IF;
  SELECT * INTO above FROM subscriptions_pool WHERE id = NEW.parent_id;
  IF NEW.grantor_id <> above.tenant_id OR NEW.tenant_id = ANY (above.holders)
     OR (NEW.service_type_id, NEW.unit) IS DISTINCT FROM (above.service_type_id, above.unit)
     OR holder.status <> 'active' OR NOT EXISTS (SELECT FROM tenants_mapping WHERE tenant_id = holder.id)
     OR NOT (NEW.grantor_id = ANY (holder.ancestors)
             OR EXISTS (SELECT FROM subscriptions_poolsupply
                         WHERE grantor_id = NEW.grantor_id AND tenant_id = holder.id AND ended_at IS NULL)) THEN
    RAISE EXCEPTION 'Pool % cannot be given to tenant %.', NEW.parent_id, NEW.tenant_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'pool_for_taker';
  END IF;
  NEW.state := 'pending'; NEW.line := above.line || NEW.id; NEW.holders := above.holders || NEW.tenant_id;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_pool_begins BEFORE INSERT ON subscriptions_pool
  FOR EACH ROW EXECUTE FUNCTION subscriptions_pool_begins();

-- Suppliers are resellers of the house, and so is whom they supply. An end stays.
CREATE FUNCTION subscriptions_pool_supply() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at THEN
      RAISE EXCEPTION 'Supply % has ended.', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (SELECT count(*) FROM tenants_tenant
       WHERE id IN (NEW.grantor_id, NEW.tenant_id) AND kind = 'reseller' AND provider_id = NEW.provider_id) <> 2 THEN
    RAISE EXCEPTION 'Tenant % cannot supply tenant %.', NEW.grantor_id, NEW.tenant_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_pool_supply BEFORE INSERT OR UPDATE ON subscriptions_poolsupply
  FOR EACH ROW EXECUTE FUNCTION subscriptions_pool_supply();

-- The end of a pool is the earliest of its line, at once and at any depth. Whoever is given to meanwhile holds the lock
-- of its parent: what it adds is seen by the next round.
CREATE FUNCTION subscriptions_pool_ends() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  LOOP
    PERFORM FROM subscriptions_pool WHERE line @> ARRAY[NEW.id] ORDER BY id FOR NO KEY UPDATE;
    UPDATE subscriptions_pool d SET ends_at = e.ends_at
      FROM (SELECT p.id, (SELECT min(a.own_end) FROM subscriptions_pool a WHERE a.id = ANY (p.line)) AS ends_at
              FROM subscriptions_pool p WHERE p.line @> ARRAY[NEW.id]) AS e
     WHERE d.id = e.id AND d.ends_at IS DISTINCT FROM e.ends_at;
    EXIT WHEN NOT FOUND;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER subscriptions_pool_ends AFTER UPDATE OF own_end ON subscriptions_pool
  FOR EACH ROW WHEN (OLD.own_end IS DISTINCT FROM NEW.own_end) EXECUTE FUNCTION subscriptions_pool_ends();

-- How it is paid for stays, once a customer had a seat of it. What was reclaimed is history, and so is what has ended
-- of who was deleted, or is a customer now: it ends no later.
CREATE FUNCTION subscriptions_pool_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.payment_type <> OLD.payment_type AND OLD.was_assigned THEN
    RAISE EXCEPTION 'Seats of pool % were assigned: its payment type stays.', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'pool_payment_type_kept';
  END IF;
  IF (NEW.own_end, NEW.payment_type) IS DISTINCT FROM (OLD.own_end, OLD.payment_type)
     AND (OLD.reclaimed_at IS NOT NULL OR OLD.state IN ('returned', 'declined'))
     OR NEW.own_end IS DISTINCT FROM OLD.own_end AND (NEW.own_end IS NULL OR NEW.own_end > OLD.ends_at)
     AND EXISTS (SELECT FROM tenants_tenant WHERE id = OLD.tenant_id AND (kind = 'customer' OR status = 'closed')) THEN
    RAISE EXCEPTION 'Pool % is over.', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'pool_over';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_pool_changes BEFORE UPDATE OF payment_type, own_end ON subscriptions_pool
  FOR EACH ROW EXECUTE FUNCTION subscriptions_pool_changes();

-- An assignment begins empty, too: its seats are moved.
CREATE FUNCTION subscriptions_pool_assignment_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.seats := 0;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_pool_assignment_begins BEFORE INSERT ON subscriptions_poolassignment
  FOR EACH ROW EXECUTE FUNCTION subscriptions_pool_assignment_begins();

-- What a movement does to the pool it is of. Shape alone: what the state allows is checked where it is applied.
-- With the right of who writes: only the function below, which has the owner's, writes what is received.
-- Seats are assigned to active customers who buy from the holder. Who changes that, by closing or moving one, waits for
-- this, or this for them: the customer is locked here, before the pool, as in the order of all locks.
CREATE FUNCTION subscriptions_seat_entry_effect() RETURNS trigger
  LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  waits boolean;
BEGIN
  IF NEW.kind = 'received' AND current_user = session_user THEN
    RAISE EXCEPTION 'What is received is written with what is given.' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.child_id IS NOT NULL THEN
    SELECT state = 'pending' INTO waits FROM subscriptions_pool WHERE id = NEW.child_id AND parent_id = NEW.pool_id;
    IF waits IS NULL THEN
      RAISE EXCEPTION 'Pool % is not of pool %.', NEW.child_id, NEW.pool_id USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF NEW.kind = 'assign' AND NEW.seats > 0 THEN
    PERFORM FROM subscriptions_poolassignment a
       JOIN subscriptions_pool p ON p.id = a.pool_id
       JOIN tenants_tenant t ON t.id = a.tenant_id
      WHERE a.id = NEW.assignment_id AND a.pool_id = NEW.pool_id AND t.kind = 'customer' AND t.status = 'active'
        AND coalesce(t.parent_id, t.provider_id) = p.tenant_id
        FOR SHARE OF t;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'Assignment % is of no active customer of who holds pool %.', NEW.assignment_id, NEW.pool_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'pool_assignment_of_customer';
    END IF;
  END IF;
  NEW.by_seats := CASE WHEN NEW.kind IN ('purchase', 'received') THEN NEW.seats ELSE 0 END;
  NEW.by_assigned := CASE WHEN NEW.kind = 'assign' THEN NEW.seats ELSE 0 END;
  NEW.by_pending := CASE WHEN NEW.kind = 'offer' THEN NEW.seats
                         WHEN NEW.kind IN ('accept', 'return', 'decline') THEN -NEW.seats
                         WHEN NEW.kind = 'resize' AND waits THEN NEW.seats
                         WHEN NEW.kind = 'reclaim' AND waits THEN -NEW.seats ELSE 0 END;
  NEW.by_allocated := CASE WHEN NEW.kind = 'accept' THEN NEW.seats
                           WHEN NEW.kind = 'resize' AND NOT waits THEN NEW.seats
                           WHEN NEW.kind = 'reclaim' AND NOT waits THEN -NEW.seats ELSE 0 END;
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_seat_entry_effect BEFORE INSERT ON subscriptions_seatentry
  FOR EACH ROW EXECUTE FUNCTION subscriptions_seat_entry_effect();

-- The movement is applied: the pool first, then what is beneath, so that locks are taken from the top. The states are
-- read after the locks, and what they do not allow is refused; the name of the rule goes with it.
CREATE FUNCTION subscriptions_seat_entry_applies() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  own subscriptions_pool;
  given subscriptions_pool;
  broken text;
BEGIN
  UPDATE subscriptions_pool
     SET seats = seats + NEW.by_seats, pending = pending + NEW.by_pending, allocated = allocated + NEW.by_allocated,
         assigned = assigned + NEW.by_assigned, was_assigned = was_assigned OR NEW.kind = 'assign'
   WHERE id = NEW.pool_id RETURNING * INTO own;
  IF NEW.kind = 'received' THEN
    RETURN NULL;
  END IF;
  broken := CASE
    WHEN NEW.kind = 'purchase' AND own.parent_id IS NOT NULL THEN 'pool_purchased'
    WHEN NEW.kind IN ('offer', 'accept', 'resize', 'assign') AND NEW.seats > 0
         AND (own.state <> 'active' OR own.ends_at <= NEW.made_at OR own.reclaimed_at IS NOT NULL) THEN 'pool_not_active'
  END;
  IF NEW.child_id IS NOT NULL AND broken IS NULL THEN
    SELECT * INTO given FROM subscriptions_pool WHERE id = NEW.child_id FOR NO KEY UPDATE;
    broken := CASE
      WHEN given.reclaimed_at IS NOT NULL THEN 'pool_over'
      WHEN NEW.kind = 'offer' AND (given.state <> 'pending' OR given.seats <> 0 OR NEW.seats < 1) THEN 'pool_offered_once'
      WHEN NEW.kind IN ('accept', 'return', 'decline') AND (given.state <> 'pending' OR given.seats <> NEW.seats)
        THEN 'pool_resolved_once'
      WHEN NEW.kind = 'accept' AND given.ends_at <= NEW.made_at THEN 'pool_not_active'
      WHEN NEW.kind IN ('return', 'decline') AND given.ends_at <= NEW.made_at THEN 'pool_resolved_once'
      WHEN NEW.kind = 'resize' AND (given.state NOT IN ('pending', 'active') OR given.seats + NEW.seats < 1)
        THEN 'pool_resized'
      WHEN NEW.kind = 'resize' AND NEW.seats > 0 AND given.ends_at <= NEW.made_at THEN 'pool_not_active'
      WHEN NEW.kind = 'resize' AND NEW.by_pending <> 0 AND given.state <> 'pending' THEN 'pool_resolved_once'
      WHEN NEW.kind = 'reclaim' AND (given.state NOT IN ('pending', 'active') OR given.seats <> NEW.seats
           OR own.ends_at <= NEW.made_at OR given.own_end IS NULL OR given.own_end > NEW.made_at
           OR (NEW.by_pending <> 0) <> (given.state = 'pending')) THEN 'pool_reclaimed'
    END;
  END IF;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'Pool % does not allow this: %.', NEW.pool_id, broken
      USING ERRCODE = 'check_violation', CONSTRAINT = broken;
  END IF;
  IF NEW.kind = 'assign' THEN
    UPDATE subscriptions_poolassignment SET seats = seats + NEW.seats
     WHERE id = NEW.assignment_id AND pool_id = NEW.pool_id;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'Assignment % is not of pool %.', NEW.assignment_id, NEW.pool_id USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW.kind IN ('offer', 'resize', 'return', 'decline') THEN
    IF NEW.kind = 'offer' THEN
      UPDATE subscriptions_pool SET ends_at = least(own.ends_at, own_end) WHERE id = NEW.child_id;
    ELSIF NEW.kind <> 'resize' THEN
      UPDATE subscriptions_pool SET state = CASE NEW.kind WHEN 'return' THEN 'returned' ELSE 'declined' END
       WHERE id = NEW.child_id;
    END IF;
    INSERT INTO subscriptions_seatentry (provider_id, pool_id, kind, seats, by_seats, by_pending, by_allocated, by_assigned,
                                         made_at)
    VALUES (NEW.provider_id, NEW.child_id, 'received',
            CASE WHEN NEW.kind IN ('return', 'decline') THEN -NEW.seats ELSE NEW.seats END, 0, 0, 0, 0, NEW.made_at);
  ELSIF NEW.kind = 'accept' THEN
    UPDATE subscriptions_pool SET state = 'active' WHERE id = NEW.child_id;
  ELSIF NEW.kind = 'reclaim' THEN
    -- What came of it goes with it, at any depth, whatever its dates say: seats that are free again here live nowhere
    -- else. Whoever gives beneath meanwhile holds the lock of what it is from, and is seen by the next round.
    LOOP
      PERFORM FROM subscriptions_pool WHERE line @> ARRAY[NEW.child_id] ORDER BY id FOR NO KEY UPDATE;
      UPDATE subscriptions_pool SET reclaimed_at = NEW.made_at
       WHERE line @> ARRAY[NEW.child_id] AND state IN ('pending', 'active') AND reclaimed_at IS NULL;
      EXIT WHEN NOT FOUND;
    END LOOP;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER subscriptions_seat_entry_applies AFTER INSERT ON subscriptions_seatentry
  FOR EACH ROW EXECUTE FUNCTION subscriptions_seat_entry_applies();

CREATE TRIGGER subscriptions_kept BEFORE UPDATE OR DELETE ON subscriptions_seatentry
  FOR EACH ROW EXECUTE FUNCTION subscriptions_kept();

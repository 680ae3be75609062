-- The rules of the tree that hold against any SQL of the application's login; they live beside the model Tenant.

CREATE SEQUENCE tenants_tree AS int;

-- One root in a tree. A unique index cannot be partial and deferred; mptt moves bounds before parents, so it must be.
ALTER TABLE tenants_tenant ADD CONSTRAINT tenants_tenant_one_root
  EXCLUDE USING btree (tree_id WITH =) WHERE (parent_id IS NULL) DEFERRABLE INITIALLY DEFERRED;

-- Before a tenant gets or changes its place: is it allowed, and who stands above it?
CREATE FUNCTION tenants_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  seller tenants_tenant;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.id <> OLD.id OR NEW.provider_id IS DISTINCT FROM OLD.provider_id THEN
      RAISE EXCEPTION 'Tenant % keeps its id and its provider.', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind = OLD.kind AND NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id THEN
      IF pg_trigger_depth() = 1 THEN
        NEW.ancestors := OLD.ancestors;  -- only tenants_refresh below may write them; what it writes is checked at commit
      END IF;
      RETURN NEW;
    END IF;
    IF (NEW.kind = 'provider') <> (OLD.kind = 'provider') THEN
      RAISE EXCEPTION 'Tenant % cannot become or cease to be a provider.', OLD.id USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF NEW.kind = 'provider' THEN
    NEW.ancestors := ARRAY[NEW.id];
    RETURN NEW;
  END IF;

  -- Raw SQL waits for the branch as the services do. A new branch has a tree of its own and nobody to wait for.
  IF TG_OP = 'UPDATE' THEN
    PERFORM pg_advisory_xact_lock(4711, k)
      FROM (SELECT DISTINCT unnest(ARRAY[OLD.tree_id, NEW.tree_id]) AS k ORDER BY 1 OFFSET 0) AS keys;
  ELSIF NEW.parent_id IS NOT NULL THEN
    PERFORM pg_advisory_xact_lock(4711, NEW.tree_id);
  END IF;

  SELECT * INTO seller FROM tenants_tenant WHERE id = coalesce(NEW.parent_id, NEW.provider_id);
  IF NOT FOUND THEN  -- foreign keys are checked at commit only: too late, the ancestors would be forged
    RAISE EXCEPTION 'The seller of tenant % does not exist.', NEW.id USING ERRCODE = 'foreign_key_violation';
  END IF;
  IF NEW.parent_id IS NULL AND seller.kind <> 'provider' THEN
    RAISE EXCEPTION 'The provider of tenant % is not a provider.', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.parent_id IS NOT NULL AND (seller.kind <> 'reseller' OR seller.provider_id <> NEW.provider_id) THEN
    RAISE EXCEPTION 'The parent of tenant % is not a reseller of its provider.', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.parent_id IS NOT NULL AND seller.tree_id <> NEW.tree_id THEN
    RAISE EXCEPTION 'Tenant % is not in the branch of its parent.', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.id = ANY (seller.ancestors) THEN
    RAISE EXCEPTION 'Tenant % cannot stand beneath itself.', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind = 'customer' AND EXISTS (SELECT FROM tenants_tenant WHERE parent_id = NEW.id) THEN
    RAISE EXCEPTION 'Customer % cannot have tenants beneath it.', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  NEW.ancestors := seller.ancestors || NEW.id;
  RETURN NEW;
END $$;

CREATE TRIGGER tenants_place_insert BEFORE INSERT ON tenants_tenant
  FOR EACH ROW EXECUTE FUNCTION tenants_place();
CREATE TRIGGER tenants_place_update BEFORE UPDATE OF id, kind, provider_id, parent_id, ancestors ON tenants_tenant
  FOR EACH ROW EXECUTE FUNCTION tenants_place();

-- After a move: everybody beneath stands beneath the new ancestors.
CREATE FUNCTION tenants_refresh() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE tenants_tenant SET ancestors = NEW.ancestors || ancestors[cardinality(OLD.ancestors) + 1:]
   WHERE ancestors @> ARRAY[NEW.id] AND id <> NEW.id;
  RETURN NULL;
END $$;

CREATE TRIGGER tenants_refresh AFTER UPDATE OF parent_id ON tenants_tenant
  FOR EACH ROW WHEN (OLD.ancestors IS DISTINCT FROM NEW.ancestors) EXECUTE FUNCTION tenants_refresh();

-- At commit: tree, bounds, level and ancestors of whatever got a place follow from its seller.
CREATE FUNCTION tenants_bounds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  here tenants_tenant;
  seller tenants_tenant;
BEGIN
  SELECT * INTO here FROM tenants_tenant WHERE id = NEW.id;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  SELECT * INTO seller FROM tenants_tenant WHERE id = coalesce(here.parent_id, here.provider_id);
  IF here.ancestors IS DISTINCT FROM coalesce(seller.ancestors, '{}') || here.id THEN
    RAISE EXCEPTION 'The ancestors of tenant % do not follow its seller.', here.id USING ERRCODE = 'check_violation';
  END IF;
  IF here.parent_id IS NULL THEN
    IF here.level <> 0 OR here.lft <> 1 THEN
      RAISE EXCEPTION 'Tenant % is not at the root of its tree.', here.id USING ERRCODE = 'check_violation';
    END IF;
  ELSIF here.tree_id <> seller.tree_id OR here.level <> seller.level + 1
     OR here.lft <= seller.lft OR here.rght >= seller.rght THEN
    RAISE EXCEPTION 'Tenant % does not lie inside its parent.', here.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER tenants_bounds_insert AFTER INSERT ON tenants_tenant
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenants_bounds();
CREATE CONSTRAINT TRIGGER tenants_bounds_update AFTER UPDATE OF parent_id, tree_id, level, ancestors ON tenants_tenant
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.parent_id, OLD.tree_id, OLD.level, OLD.ancestors) IS DISTINCT FROM (NEW.parent_id, NEW.tree_id, NEW.level, NEW.ancestors))
  EXECUTE FUNCTION tenants_bounds();

-- One statement rebuilds a branch, and needs the order of siblings as a value.
CREATE TYPE tenants_position AS (lft int, id bigint);

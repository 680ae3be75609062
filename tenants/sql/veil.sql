-- Who may see the names of customers: the veil of a tenant is the depth of the lowest reseller above it that hides its
-- customers, 0 for none. It follows from the tree, so the tree writes it, after tenants_place and tenants_refresh (by name).

CREATE FUNCTION tenants_veil() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id THEN
    IF pg_trigger_depth() = 1 THEN
      NEW.veil := OLD.veil;  -- only tenants_veil_below may write it
    END IF;
    RETURN NEW;
  END IF;
  SELECT CASE WHEN hides_customers_at IS NULL THEN veil ELSE cardinality(ancestors) - 1 END INTO NEW.veil
    FROM tenants_tenant WHERE id = NEW.parent_id;
  NEW.veil := coalesce(NEW.veil, 0);
  RETURN NEW;
END $$;

CREATE TRIGGER tenants_veil_insert BEFORE INSERT ON tenants_tenant
  FOR EACH ROW EXECUTE FUNCTION tenants_veil();
CREATE TRIGGER tenants_veil_update BEFORE UPDATE OF parent_id, veil ON tenants_tenant
  FOR EACH ROW EXECUTE FUNCTION tenants_veil();

CREATE FUNCTION tenants_veil_below() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE tenants_tenant AS below SET veil = lowest.depth
    FROM (SELECT t.id, coalesce(max(cardinality(a.ancestors) - 1) FILTER (WHERE a.hides_customers_at IS NOT NULL), 0) AS depth
            FROM tenants_tenant t JOIN tenants_tenant a ON a.id = ANY (t.ancestors) AND a.id <> t.id
           WHERE t.ancestors @> ARRAY[NEW.id] AND t.id <> NEW.id GROUP BY t.id) AS lowest
   WHERE below.id = lowest.id AND below.veil <> lowest.depth;
  RETURN NULL;
END $$;

CREATE TRIGGER tenants_veil_below AFTER UPDATE OF parent_id, hides_customers_at ON tenants_tenant
  FOR EACH ROW WHEN ((OLD.parent_id, OLD.hides_customers_at IS NULL) IS DISTINCT FROM (NEW.parent_id, NEW.hides_customers_at IS NULL))
  EXECUTE FUNCTION tenants_veil_below();

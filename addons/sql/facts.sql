-- What holds of sales that go on as others, and of what is due once for them, against any SQL of the application's login.

-- Who owes whom for one sale; `is_each` where it is owed for each that is sold.
CREATE FUNCTION addons_owed(sale bigint)
RETURNS TABLE (payer_id bigint, issuer_id bigint, fee_version_id bigint, is_holder boolean, is_each boolean)
LANGUAGE sql STABLE AS $$
  SELECT s.tenant_id, s.issuer_id, s.fee_version_id, true, true FROM addons_addonsale s WHERE s.id = sale
  UNION ALL
  SELECT s.seller_id, s.cost_issuer_id, s.cost_fee_version_id, false, s.applies_more_than_once
    FROM addons_addonsale s WHERE s.id = sale AND s.unit_cost IS NOT NULL
  UNION ALL
  SELECT c.payer_id, c.issuer_id, c.fee_version_id, false, c.applies_more_than_once
    FROM addons_addonsalecost c WHERE c.sale_id = sale
$$;

-- A sale goes on as another on the same subscription, of the same version and quantity, from where the last one ended;
-- what was cancelled does not go on. What the seller owes is owed to somebody above it.
CREATE FUNCTION addons_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong bigint;
BEGIN
  SELECT w.id INTO wrong FROM written w
    LEFT JOIN tenants_tenant seller ON seller.id = w.seller_id
   WHERE w.cost_issuer_id IS NOT NULL AND w.cost_issuer_id <> ALL (seller.ancestors)
      OR w.cost_issuer_id = w.seller_id
      OR w.origin_id IS NOT NULL AND NOT EXISTS (
           SELECT FROM addons_addonsale first
             JOIN LATERAL (SELECT max(f.ended_at) AS ended_at, bool_and(f.state = 'continued') AS goes_on
                             FROM addons_addonsale f
                            WHERE (f.id = first.id OR f.origin_id = first.id) AND f.id <> w.id) AS before ON true
            WHERE first.id = w.origin_id AND first.origin_id IS NULL AND before.goes_on
              AND before.ended_at = w.sold_at AND w.request_id IS NULL AND w.job_item_id IS NULL
              AND (first.subscription_id, first.add_on_id, first.version_id, first.quantity)
                = (w.subscription_id, w.add_on_id, w.version_id, w.quantity)) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Sale % goes on from no sale, or its seller owes nobody above it.', wrong
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER addons_goes_on AFTER INSERT ON addons_addonsale
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION addons_goes_on();

-- What is due once rests on what was agreed for the sale, whoever writes it: an activation fee with the first sale, an
-- early cancellation fee with its end, as those between whom it is due agreed then; what is credited is of what ended.
CREATE FUNCTION addons_one_off() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong bigint;
BEGIN
  SELECT w.sale_id INTO wrong FROM written w
    JOIN addons_addonsale s ON s.id = w.sale_id
    LEFT JOIN catalog_feeversion f ON f.id = w.fee_version_id
   WHERE (s.provider_id, s.currency::text) <> (w.provider_id, w.currency::text)
      OR NOT EXISTS (
           SELECT FROM addons_owed(s.id) AS o
            WHERE (o.payer_id, o.issuer_id) = (w.payer_id, w.issuer_id)
              AND CASE w.kind
                  WHEN 'activation' THEN
                    s.origin_id IS NULL AND w."on" = (s.sold_at AT TIME ZONE 'UTC')::date
                    AND o.fee_version_id = w.fee_version_id AND w.amount = f.activation_amount
                    AND w.once_of_id IS NOT DISTINCT FROM CASE WHEN NOT o.is_each THEN f.fee_id END
                  ELSE
                    s.state = 'cancelled' AND o.is_each
                    AND w.fee_version_id IS NOT DISTINCT FROM (
                      SELECT agreed.fee_version_id FROM addons_owed(coalesce(s.origin_id, s.id)) AS agreed
                       WHERE agreed.issuer_id = w.issuer_id AND agreed.is_holder = o.is_holder
                         AND (agreed.is_holder OR agreed.payer_id = w.payer_id))
                    AND CASE w.kind
                        WHEN 'cancellation' THEN
                          w.amount = f.cancellation_amount AND w."on" = (s.ended_at AT TIME ZONE 'UTC')::date
                        ELSE w.quantity = s.quantity AND w."on" >= (s.sold_at AT TIME ZONE 'UTC')::date END
                  END) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Nothing agreed for sale % says so.', wrong USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER addons_one_off AFTER INSERT ON addons_addononeoff
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION addons_one_off();
CREATE TRIGGER catalog_kept BEFORE UPDATE OR DELETE ON addons_addononeoff
  FOR EACH ROW EXECUTE FUNCTION catalog_kept();

-- A sale can end, once; nothing else of it ever changes.
CREATE TRIGGER addons_sale_kept BEFORE UPDATE ON addons_addonsale FOR EACH ROW
  WHEN (OLD.state <> 'active' OR to_jsonb(OLD) - '{state,ended_at}'::text[] <> to_jsonb(NEW) - '{state,ended_at}'::text[])
  EXECUTE FUNCTION addons_sale_kept();
CREATE TRIGGER catalog_kept BEFORE UPDATE OR DELETE ON addons_bulkprice
  FOR EACH ROW EXECUTE FUNCTION catalog_kept();

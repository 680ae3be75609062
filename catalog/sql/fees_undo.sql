DROP TRIGGER catalog_kept ON catalog_pricerule;
DROP TRIGGER catalog_kept ON catalog_packageresource;
DROP TRIGGER catalog_kept ON catalog_packageversion;
DROP TRIGGER catalog_kept ON catalog_feeversion;
DROP FUNCTION catalog_kept();
DROP TRIGGER catalog_list_holder ON catalog_pricelistholder;
DROP FUNCTION catalog_list_holder();
DROP TRIGGER catalog_fee_shared ON catalog_fee;
DROP FUNCTION catalog_fee_shared();
DROP TRIGGER catalog_version_shared ON catalog_packageversion;
DROP FUNCTION catalog_version_shared();
DROP TRIGGER catalog_package_shared ON catalog_package;
DROP FUNCTION catalog_package_shared();
DROP FUNCTION catalog_fee_kept_back(bigint);
DROP FUNCTION catalog_standing(bigint);
DROP TRIGGER catalog_version_pair ON catalog_packageversion;
DROP FUNCTION catalog_version_pair();
DROP FUNCTION catalog_pair(bigint, bigint, bigint);
DROP TRIGGER catalog_limit ON catalog_packageresource;
CREATE OR REPLACE FUNCTION catalog_limit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM catalog_package p JOIN catalog_resource r USING (service_type_id)
                  WHERE p.id = NEW.package_id AND r.id = NEW.resource_id) THEN
    RAISE EXCEPTION 'Resource % is not of the service type of package %.', NEW.resource_id, NEW.package_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER catalog_fee_kept ON catalog_pricelist;
DROP TRIGGER catalog_fee_kept ON catalog_fee;
DROP FUNCTION catalog_fee_kept();
DROP TRIGGER catalog_owner ON catalog_pricelist;
DROP TRIGGER catalog_owner ON catalog_fee;

-- Searching the names and owners of tenants by three letters in a row: over 60,000 of them 0.2 ms in place of 70.
CREATE INDEX tenants_profile_name_has ON tenants_profile USING gin (upper(name::text) gin_trgm_ops);
CREATE INDEX tenants_profile_owner_has ON tenants_profile USING gin (upper(owner_email::text) gin_trgm_ops);

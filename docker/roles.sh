#!/bin/bash
# Run once by the postgres image, on an empty volume: the owner, who migrates, and the application, which owns nothing.
set -euo pipefail
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
     --set=owner_password="$(<"$OWNER_PASSWORD_FILE")" --set=app_password="$(<"$APP_PASSWORD_FILE")" <<'SQL'
CREATE ROLE rh_owner LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'owner_password';
CREATE ROLE rh_app LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'app_password';
CREATE DATABASE rh OWNER rh_owner;
SQL

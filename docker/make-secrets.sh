#!/bin/bash
# Random secrets for docker-compose.yml, in docker/secrets; what is there already stays.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets  # the files in it have to be readable for the containers' users
cd secrets
random() { head -c 36 /dev/urandom | base64 | tr '+/' '-_'; }
secret() { [ -e "$1" ] || printf '%s\n' "$2" > "$1"; chmod 444 "$1"; }
secret secret_key "$(random)$(random)"
secret postgres_password "$(random)"
secret owner_password "$(random)"
secret app_password "$(random)"
secret valkey_password "$(random)"
secret database_url "postgres://rh_app:$(<app_password)@postgres:5432/rh"
secret database_owner_url "postgres://rh_owner:$(<owner_password)@postgres:5432/rh"
secret redis_url "redis://:$(<valkey_password)@valkey:6379/0"
secret valkey.conf "requirepass $(<valkey_password)"

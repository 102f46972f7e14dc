#!/bin/sh
# Makes the secrets that compose.yaml names, in ./secrets; those that are there already are left as they are.
set -eu
umask 077
cd "$(dirname "$0")"
mkdir -p secrets
fresh() { head -c 36 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n'; }
for name in postgres_password secret_key metrics_token; do
    [ -s "secrets/$name" ] || fresh > "secrets/$name"
done
[ -s secrets/database_url ] || printf 'postgresql+psycopg://stegvis:%s@database/stegvis' "$(cat secrets/postgres_password)" > secrets/database_url
# The containers read them as other users than the one who made them; the folder keeps everybody else out.
chmod 0700 secrets
chmod 0444 secrets/*

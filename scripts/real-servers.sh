#!/usr/bin/env bash
# Installs the real npm servers that the tests run idem-check against, into the git-ignored folder
# .real-servers/. They are not dependencies of the project, so `npm install` stays small.
#
#   scripts/real-servers.sh            install what is missing (quick when all is there)
#   scripts/real-servers.sh --force    install again from nothing
#
# The rest comes from the system:
#   apt-get install -y nginx redis-server radicale apache2 postgresql etcd-server rabbitmq-server curl
set -eu

# Exact versions of what is tested, and a date that holds their own dependencies still: npm resolves
# every range to what had been published by then.
PACKAGES='{
  "@aws-lambda-powertools/idempotency": "2.35.0",
  "@nestjs/common": "10.4.22",
  "@nestjs/core": "10.4.22",
  "@nestjs/platform-express": "10.4.22",
  "@node-idempotency/core": "1.0.11",
  "@node-idempotency/nestjs": "1.0.4",
  "@node-idempotency/storage-adapter-memory": "1.0.2",
  "@node-idempotency/storage-adapter-redis": "1.0.2",
  "@solid/community-server": "7.2.0",
  "express": "5.2.1",
  "express-idempotency": "1.0.6",
  "express-pouchdb": "4.2.0",
  "json-server": "0.17.4",
  "parse-server": "9.10.0",
  "pouchdb-adapter-memory": "9.0.0",
  "pouchdb-core": "9.0.0",
  "pouchdb-mapreduce": "9.0.0",
  "pouchdb-replication": "9.0.0",
  "reflect-metadata": "0.2.2",
  "rxjs": "7.8.2"
}'
BEFORE=2026-11-20

root=$(cd "$(dirname "$0")/.." && pwd)
target="$root/.real-servers"
stamp="$target/.installed"
wanted="$BEFORE $PACKAGES"

if [ "${1:-}" = "--force" ]; then
  rm -rf "$target"
elif [ -n "${1:-}" ]; then
  echo "usage: scripts/real-servers.sh [--force]" >&2
  exit 2
fi

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
  echo "real servers: already installed in .real-servers/"
else
  mkdir -p "$target"
  # The stamp goes first and comes back last: an interrupted install is not taken for a finished one.
  rm -f "$stamp"
  # `private` and no `type`: a folder of its own, which npm does not confuse with the project around it.
  printf '{\n  "name": "idem-check-real-servers",\n  "private": true,\n  "dependencies": %s\n}\n' "$PACKAGES" \
    > "$target/package.json"
  # --ignore-scripts: none of them needs one, and a test server should not run code at install time.
  (cd "$target" && npm install --before="$BEFORE" --ignore-scripts --no-audit --no-fund --loglevel=error)
  printf '%s' "$wanted" > "$stamp"
  echo "real servers: installed in .real-servers/"
fi

# Debian keeps nginx in /usr/sbin, which is often missing from a user's PATH.
for program in nginx redis-server radicale apache2 curl; do
  if ! PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$program" > /dev/null; then
    echo "real servers: $program is missing, its tests are skipped: apt-get install -y $program"
  fi
done
if ! command -v etcd > /dev/null; then
  echo "real servers: etcd is missing, its tests are skipped: apt-get install -y etcd-server"
fi
if [ ! -x /usr/lib/rabbitmq/bin/rabbitmq-server ]; then
  echo "real servers: rabbitmq-server is missing, its tests are skipped: apt-get install -y rabbitmq-server"
fi
if ! ls /usr/lib/postgresql/*/bin/postgres > /dev/null 2>&1; then
  echo "real servers: postgres is missing, its tests are skipped: apt-get install -y postgresql"
fi

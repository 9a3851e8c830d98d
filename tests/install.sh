#!/usr/bin/env bash
# What the tests use from npm (tests/package-lock.json); npm itself from the system's packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if [ -f node_modules/.package-lock.json ] && ! [ package-lock.json -nt node_modules/.package-lock.json ]; then exit 0; fi
if ! command -v npm >/dev/null; then
  if ! command -v apt-get >/dev/null; then
    echo "Please install Node.js with npm, then run this again." >&2
    exit 1
  fi
  as_root=()
  if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
  echo "Installing Node.js and npm from the system's packages ..." >&2
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq </dev/null
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends nodejs npm </dev/null >/dev/null
fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
touch node_modules/.package-lock.json

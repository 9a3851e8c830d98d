#!/usr/bin/env bash
# What the tests use from npm (tests/package-lock.json) and the tools of the page's scripts (qjmap/web/package-lock.json); npm itself,
# and what traces system calls, from the system's packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source ./system.sh

if ! command -v strace >/dev/null || ! command -v unshare >/dev/null; then from_system "strace and unshare" strace util-linux; fi
for folder in . ../qjmap/web; do
  if [ -f $folder/node_modules/.package-lock.json ] && ! [ $folder/package-lock.json -nt $folder/node_modules/.package-lock.json ]; then continue; fi
  if ! command -v npm >/dev/null; then from_system "Node.js with npm" nodejs npm; fi
  (cd $folder && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)
  touch $folder/node_modules/.package-lock.json
done

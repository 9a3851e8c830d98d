#!/usr/bin/env bash
# What the tests use from npm (tests/package-lock.json); npm itself, and what traces system calls, from the system's packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source ./system.sh

if ! command -v strace >/dev/null || ! command -v unshare >/dev/null; then from_system "strace and unshare" strace util-linux; fi
if [ -f node_modules/.package-lock.json ] && ! [ package-lock.json -nt node_modules/.package-lock.json ]; then exit 0; fi
if ! command -v npm >/dev/null; then from_system "Node.js with npm" nodejs npm; fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
touch node_modules/.package-lock.json

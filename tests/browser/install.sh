#!/usr/bin/env bash
# Chromium, Firefox and Chinese type for the browser tests, from the system's packages.
set -euo pipefail

has_browser() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
has_other() { command -v firefox-esr >/dev/null || command -v firefox >/dev/null; }
has_type() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]; }

if has_browser && has_other && has_type; then exit 0; fi
if ! command -v apt-get >/dev/null; then
  echo "Please install Chromium, Firefox and a Chinese typeface (Noto Sans CJK), then run this again." >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
echo "Installing Chromium, Firefox and Noto CJK from the system's packages ..." >&2
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq </dev/null
"${as_root[@]}" apt-get install -y -qq --no-install-recommends chromium firefox-esr fonts-noto-cjk fontconfig </dev/null >/dev/null
has_browser && has_other && has_type

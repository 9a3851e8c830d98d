#!/usr/bin/env bash
# Chromium, Firefox and Chinese type for the browser tests, from the system's packages.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../system.sh"

has_browser() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
has_other() { command -v firefox-esr >/dev/null || command -v firefox >/dev/null; }
has_type() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]; }
has_all() { has_browser && has_other && has_type; }

if has_all; then exit 0; fi
from_system "Chromium, Firefox and a Chinese typeface (Noto Sans CJK)" chromium firefox-esr fonts-noto-cjk fontconfig
has_all

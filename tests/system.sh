# Sourced by the install scripts: packages of the system, for who may install them.
#
#   from_system WHAT PACKAGE...   installs Debian packages; without apt it asks for WHAT and stops
from_system() {
  local what=$1 as_root=()
  shift
  if ! command -v apt-get >/dev/null; then
    echo "Please install $what, then run this again." >&2
    exit 1
  fi
  if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
  echo "Installing $what from the system's packages ..." >&2
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq </dev/null
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null
}

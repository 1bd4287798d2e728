#!/bin/sh
# The browser tests need Chromium. Take it from Debian's packages when it is not here and we may.
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
command -v apt-get >/dev/null 2>&1 || { echo "There is no Chromium here and no apt-get to install it: the browser tests will say so."; exit 0; }
if [ "$(id -u)" = 0 ]; then as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo"
else echo "There is no Chromium here, and neither root nor sudo to install it: the browser tests will say so."; exit 0
fi
echo "Installing Chromium from Debian's packages"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
{ $as_root apt-get update -q && $as_root apt-get install -q -y --no-install-recommends chromium; } >"$log" 2>&1 || {
  tail -20 "$log"
  echo "Chromium could not be installed."
  exit 1
}

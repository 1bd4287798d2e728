#!/bin/sh
# The browser tests need Chromium, the test of spoken drafts needs espeak-ng, that of a queue in Redis needs redis-server, and
# printing on paper needs Pango. Take from Debian's packages what is not here, if we may.
wanted="" browser=""
for name in chromium-headless-shell espeak-ng redis-server; do
  command -v "$name" >/dev/null 2>&1 || wanted="$wanted $name"
done
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && browser="$name"
done
here=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null)
for name in libpango-1.0 libpangoft2-1.0 libharfbuzz-subset; do
  case "$here" in *"$name.so.0"*) continue ;; esac
  case "$name" in *.0) wanted="$wanted $name-0" ;; *) wanted="$wanted ${name}0" ;; esac
done
[ -n "$wanted" ] || exit 0
command -v apt-get >/dev/null 2>&1 || { echo "Not here, and no apt-get to install it: $wanted. The tests will say so."; exit 0; }
if [ "$(id -u)" = 0 ]; then as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo"
else echo "Not here, and neither root nor sudo to install it: $wanted. The tests will say so."; exit 0
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
$as_root apt-get update -q >"$log" 2>&1
# Older systems have no package of Chromium without its windows: there, the whole one does.
apt-cache show chromium-headless-shell >/dev/null 2>&1 || {
  wanted=$(echo "$wanted" | sed "s/ chromium-headless-shell//")
  [ -n "$browser" ] || wanted="$wanted chromium"
}
[ -n "$wanted" ] || exit 0
echo "Installing from Debian's packages:$wanted"
# shellcheck disable=SC2086 # the names are meant to be split
$as_root apt-get install -q -y --no-install-recommends $wanted >>"$log" 2>&1 || {
  tail -20 "$log"
  echo "Could not be installed:$wanted."
  exit 1
}

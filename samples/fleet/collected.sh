#!/bin/bash
# Summarizes the cores that came to a folder since the last time: collected.sh CORES FLEET
# systemd-coredump calls them core.NAME.UID.BOOT.PID.TIME[.zst|.lz4|.xz]. Nothing is removed, and what cannot be
# read is said once.
set -uo pipefail

cores=${1:?usage: collected.sh CORES FLEET}
fleet=${2:?usage: collected.sh CORES FLEET}
coregram=${COREGRAM:-coregram}
last=$fleet/.last

mkdir -p "$fleet"
# What comes while this runs is for the next time.
now=$(mktemp "$fleet/.now-XXXXXX")
trap 'rm -f "$now"' EXIT
newer=()
[ ! -e "$last" ] || newer=(-cnewer "$last")
failed=0
while IFS= read -r -d '' core; do
  name=${core##*/core.}
  "$coregram" summary "$core" --quiet --output "$fleet" --tag "service=${name%%.*}" --tag "host=$(uname -n)" || failed=1
done < <(find "$cores" -maxdepth 1 -type f -name 'core.*' "${newer[@]}" -print0 | sort -z)
mv "$now" "$last"
exit $failed

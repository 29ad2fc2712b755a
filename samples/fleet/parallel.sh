#!/bin/bash
# One core in N parts by GNU parallel, or where that is not there by xargs: parallel.sh CORE FOLDER N [OPTIONS OF parallel...]
# With --sshloginfile HOSTS the parts are counted on other machines, which see CORE and FOLDER by the same names.
set -euo pipefail
core=$1 folder=$2 parts=$3
shift 3
mkdir -p "$folder"
task=(coregram words "$core" --part "{}/$parts" --threads 1 -o "$folder/{}.parquet")
if command -v parallel >/dev/null; then
  seq "$parts" | parallel --quote --retries 3 "$@" "${task[@]}"
else
  seq "$parts" | xargs -P "$(nproc)" -I '{}' "${task[@]}"
fi
coregram merge "$folder"/*.parquet

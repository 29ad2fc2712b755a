#!/bin/bash
# Makes the traced cores in this folder again: samples/traced.sh [REQUESTS]
# The leak of downstream/ without its server, under PYTHONTRACEMALLOC, before and after the requests. Needs what make.sh needs, and xz.
set -euo pipefail

requests=${1:-1500}
samples=$(cd "$(dirname "$0")" && pwd)
python=/usr/bin/python3.11
# As in make.sh: neutral paths and no environment but this.
run=/tmp/downstream
environment=(PATH=/usr/bin:/bin LANG=C.UTF-8 TZ=UTC PYTHONHASHSEED=1 PYTHONTRACEMALLOC=3)

mkdir "$run"
trap 'rm -rf "$run"' EXIT
cp -r "$samples/downstream" "$samples/traced.py" "$run"
mkfifo "$run/go"
env -i -C "$run" "${environment[@]}" "$python" -S -s -B traced.py truth.json 50 "$requests" <"$run/go" >"$run/said" 2>&1 &
app=$!
exec 3>"$run/go"

for name in traced-before traced-after; do
  for _ in $(seq 200); do [ -s "$run/said" ] && break; sleep 0.05; done
  grep -q ready "$run/said"
  : >"$run/said"
  sleep 0.2 # into read()
  env -i "${environment[@]}" HOME=/ gcore -o "$run/core" "$app" >"$run/gcore.log" 2>&1 || { cat "$run/gcore.log" >&2; exit 1; }
  mv "$run/core.$app" "$run/$name.core"
  mv "$run/truth.json" "$run/$name-truth.json"
  "$python" "$samples/unsave.py" "$run/$name.core" "$(sed -n 's/-.*\[vdso\]$//p' "/proc/$app/maps")"
  "$python" "$samples/search.py" "$run/$name.core" "${environment[@]#*=}"
  xz -9 -k "$run/$name.core"
  echo >&3
done
exec 3>&-
wait "$app" || true
mv "$run"/traced-*-truth.json "$run"/traced-*.core.xz "$samples/"
ls -l "$samples"/traced-*

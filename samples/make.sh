#!/bin/bash
# Rebuilds everything in this folder that is not source: samples/make.sh [REQUESTS]
# Needs Linux on x86-64, Debian 12's /usr/bin/python3.11, gdb (gcore), binutils, and
# the right to trace a process that it did not start itself (root, or ptrace_scope 0).
set -euo pipefail

requests=${1:-20000}
samples=$(cd "$(dirname "$0")" && pwd)
python=/usr/bin/python3.11
# A core holds its process's paths, arguments and environment: neutral ones, and no others.
run=/tmp/downstream
environment=(PATH=/usr/bin:/bin LANG=C.UTF-8 TZ=UTC PYTHONHASHSEED=1)
most_bytes=4000000

mkdir "$run"
app=
tidy() {
  [ -z "$app" ] || kill "$app" 2>/dev/null || true
  rm -rf "$run"
}
trap tidy EXIT

wait_for() {
  for _ in $(seq 200); do
    [ -e "$1" ] && return
    sleep 0.05
  done
  echo "$1 did not appear" >&2
  return 1
}

dump() {
  kill -USR1 "$app"
  wait_for "$run/truth.json"
  mv "$run/truth.json" "$run/$1-truth.json"
  sleep 0.2 # back into poll()
  env -i "${environment[@]}" HOME=/ gcore -o "$run/core" "$app" >"$run/gcore.log" 2>&1 || { cat "$run/gcore.log" >&2; return 1; }
  mv "$run/core.$app" "$run/$1.core"
  "$python" "$samples/unsave.py" "$run/$1.core" "$(sed -n 's/-.*\[vdso\]$//p' "/proc/$app/maps")"
}

cp -r "$samples/downstream" "$run/downstream"
# -S and -s: no packages of the machine or the user; -B: no cache files.
env -i -C "$run" "${environment[@]}" "$python" -S -s -B -m downstream </dev/null >/dev/null 2>&1 &
app=$!
wait_for "$run/port"

dump downstream-before
env -i "${environment[@]}" "$python" -S -s -B "$samples/drive.py" "$(cat "$run/port")" "$requests"
dump downstream-after

for name in downstream-before downstream-after; do
  "$python" "$samples/search.py" "$run/$name.core" "${environment[@]#*=}"
  gzip -9 -n -k "$run/$name.core"
  bytes=$(stat -c %s "$run/$name.core.gz")
  echo "$name: $(stat -c %s "$run/$name.core") bytes, compressed $bytes" >&2
  [ "$bytes" -le "$most_bytes" ] || { echo "$name is too big: fewer requests" >&2; exit 1; }
done

# This python3.11 is not position-independent: its symbols' addresses are those in the core.
nm -D -S -n --defined-only "$python" >"$run/python3.11.syms.txt"

mv "$run"/*-truth.json "$run"/*.core.gz "$run/python3.11.syms.txt" "$samples/"

coregram=$samples/../bin/coregram.js
(cd "$samples" && node "$coregram" report downstream-after.core.gz downstream-before.core.gz --no-modules --quiet \
  --output downstream-report.html)

#!/bin/bash
# Makes the cores in this folder again: make.sh PYTHON VERSION...
#   make.sh /usr/bin/python3.11 3.11 /opt/python3.13/bin/python3.13 3.13
# Each VERSION is a small core of ../programs/kinds.py and the truth that the process wrote of itself. Needs Linux on
# x86-64, gdb's gcore, xz, and the right to trace another process. In PYTHON spaces separate what stands in front of
# the interpreter (a dynamic linker of its own with its options). KINDS_HOME is the
# PYTHONHOME that it needs there. Of a build without the GIL (3.13t) mimalloc reserves 64 MiB instead of a gigabyte, what was
# never touched is left out (untouched.py), and there are fewer objects, as they are larger. The cores hold no environment but what
# is set here.
set -euo pipefail

cores=$(cd "$(dirname "$0")" && pwd)
samples=$cores/../../../samples
run=/tmp/kinds
mkdir "$run"
trap 'rm -rf "$run"' EXIT

while [ $# -ge 2 ]; do
  read -ra python <<<"$1"
  version=$2
  shift 2
  rm -rf "${run:?}"/*
  touch "$run/said"
  count=60
  reserve=()
  [[ $version != *t ]] || count=45 reserve=(MIMALLOC_ARENA_RESERVE=65536)
  cp "$cores/../programs/kinds.py" "$cores/../programs/truth.py" "$run"
  # shellcheck disable=SC2086
  env -i -C "$run" PATH=/usr/bin:/bin LANG=C.UTF-8 TZ=UTC PYTHONHASHSEED=1 "${reserve[@]}" ${KINDS_HOME:+PYTHONHOME=$KINDS_HOME LD_LIBRARY_PATH=$KINDS_HOME/lib} \
    "${python[@]}" -S -s -B kinds.py truth.json "$count" </dev/null >"$run/said" 2>&1 &
  process=$!
  for _ in $(seq 100); do grep -q ready "$run/said" && break; sleep 0.1; done
  env -i PATH=/usr/bin:/bin HOME=/ gcore -o "$run/core" "$process" >/dev/null 2>&1
  # The vdso holds paths of the machine that built the kernel; see samples/README.md for what is searched for.
  /usr/bin/python3 "$samples/unsave.py" "$run/core.$process" "$(sed -n 's/-.*\[vdso\]$//p' "/proc/$process/maps")"
  /usr/bin/python3 "$samples/search.py" "$run/core.$process" /usr/bin:/bin C.UTF-8 UTC 1 ${KINDS_HOME:+"$KINDS_HOME" "$KINDS_HOME/lib"}
  [[ $version != *t ]] || /usr/bin/python3 "$cores/untouched.py" "$run/core.$process"
  kill "$process"
  wait "$process" 2>/dev/null || true
  xz -9 -k "$run/core.$process"
  mv "$run/core.$process.xz" "$cores/py-$version.core.xz"
  mv "$run/truth.json" "$cores/py-$version-truth.json"
  ls -l "$cores/py-$version.core.xz"
done

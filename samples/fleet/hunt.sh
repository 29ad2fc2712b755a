#!/bin/bash
# The hunt in docs/fleet.md: samples/fleet/hunt.sh FOLDER [WORKERS [slurm]]
# Starts 40 workers, takes a core of each, summarizes them (by an array of Slurm tasks, a core each), and asks which leak, and since which release.
# Needs python3, DuckDB for coregram (npm install --global @duckdb/node-api), and the right to trace what it starts.
set -euo pipefail

folder=${1:?usage: samples/fleet/hunt.sh FOLDER [WORKERS [slurm]]}
workers=${2:-40}
here=$(cd "$(dirname "$0")" && pwd)
coregram=${COREGRAM:-$here/../../bin/coregram.js}

[ ! -e "$folder/fleet" ] || {
  echo "hunt.sh: $folder/fleet is there: what it has would be counted, too" >&2
  exit 1
}
mkdir -p "$folder/cores"
pids=()
tidy() {
  rm -f "$folder/ready"
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
}
trap tidy EXIT

# One in ten runs the newest release.
release_of() { case $(($1 % 10)) in 0) echo 4.3 ;; [1-4]) echo 4.2 ;; *) echo 4.1 ;; esac; }

for number in $(seq 1 "$workers"); do
  release=$(release_of "$number")
  mkdir -p "$folder/cores/$release"
  mkfifo "$folder/ready"
  HOSTNAME=app-$number RELEASE=$release python3 "$here/worker.py" </dev/null >"$folder/ready" 2>&1 &
  pids+=($!)
  read -r _ <"$folder/ready" # it has answered all of its orders
  rm "$folder/ready"
  "$coregram" dump $! --quiet --output "$folder/cores/$release/app-$number.core"
  kill $!
done

if [ "${3:-}" = slurm ]; then
  for core in "$folder"/cores/*/*.core; do
    printf '%s\trelease=%s\n' "$core" "$(basename "$(dirname "$core")")"
  done >"$folder/list"
  sbatch --wait --array="1-$workers" --output="$folder/%a.log" \
    "$here/slurm-cores.sh" "$folder/list" "$folder/fleet" shop >/dev/null
else
  for release in "$folder"/cores/*/; do
    "$coregram" summary "$release"*.core --quiet --output "$folder/fleet" \
      --tag service=shop --tag "release=$(basename "$release")" >/dev/null
  done
fi

echo "What leaks, and where:"
"$coregram" query "$(cat "$here/leaks.sql")" "$folder/fleet"
echo "Since which release:"
"$coregram" query "$(cat "$here/since.sql")" "$folder/fleet"

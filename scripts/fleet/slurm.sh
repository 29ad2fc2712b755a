#!/bin/bash
# Runs the Slurm scripts of samples/fleet on a cluster of this machine alone: slurmctld, two slurmd and munged of its own, in a
# scratch folder, under no service. One core in 8 parts, one of which is killed and made again, and their merge; two cores in
# two tasks. What comes of it has to be what one run makes. Needs slurm-wlm and munge: apt-get install slurm-wlm munge.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
export PATH="$PATH:/usr/sbin"
for tool in slurmd slurmctld munged; do
  command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 0; }
done

PARTS=8
scratch=$(mktemp -d /tmp/coregram-slurm.XXXXXX)
daemons=()
stop() {
  local status=$?
  if [ "$status" != 0 ]; then tail -n 20 "$scratch"/*.log "$scratch"/parts/*.log 2>/dev/null || true; fi
  # Tasks end before their daemons.
  if [ ${#daemons[@]} -gt 1 ]; then
    scancel --quiet --full --signal=KILL --user="$(id -un)" 2>/dev/null || true
    scancel --quiet --user="$(id -un)" 2>/dev/null || true
    for _ in {1..50}; do
      [ -n "$(squeue --noheader 2>/dev/null)" ] || break
      sleep 0.2
    done
  fi
  [ ${#daemons[@]} = 0 ] || { kill "${daemons[@]}" 2>/dev/null || true; wait "${daemons[@]}" 2>/dev/null || true; }
  # A task that was just being started knows of nobody who ends it; all that is of this cluster has its configuration.
  for process in /proc/[0-9]*; do
    [ "${process#/proc/}" = $$ ] || ! grep -qzF "SLURM_CONF=$scratch/" "$process/environ" 2>/dev/null ||
      kill -KILL "${process#/proc/}" 2>/dev/null || true
  done
  rm -rf "$scratch"
  exit "$status"
}
trap stop EXIT
trap 'exit 130' INT TERM

# until_true SECONDS COMMAND...: looks until it is true.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || { echo "still not after a while: $*"; return 1; }
    sleep 0.2
  done
}

free_ports() {
  node -e '
    const servers = Array.from({ length: Number(process.argv[1]) }, () => require("node:net").createServer().listen(0, "127.0.0.1"));
    setTimeout(() => { console.log(servers.map((server) => server.address().port).join(" ")); process.exit(); }, 100);' "$1"
}

# Munge takes no folder that others may write to, and a socket that all may reach.
mkdir -m 700 "$scratch/key" && mkdir -m 755 "$scratch/munge" "$scratch/state" "$scratch/bin" "$scratch/parts"
chmod 755 "$scratch"
(umask 077 && head -c 1024 /dev/urandom >"$scratch/key/munge.key")
munged --foreground --key-file="$scratch/key/munge.key" --socket="$scratch/munge/socket" --pid-file="$scratch/munge/pid" \
  --seed-file="$scratch/munge/seed" --log-file="$scratch/munge/log" >"$scratch/munged.log" 2>&1 &
daemons+=($!)

read -r port one two < <(free_ports 3)
# configure NODES CPUS
configure() {
  cat >"$scratch/slurm.conf" <<CONF
ClusterName=fleet
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
CredType=cred/munge
# What is requeued waits until its credential has expired: 120 s unless told, 6 at the least.
AuthInfo=socket=$scratch/munge/socket,cred_expire=6
StateSaveLocation=$scratch/state
SlurmdSpoolDir=$scratch/spool.%n
SlurmctldPidFile=$scratch/slurmctld.pid
SlurmdPidFile=$scratch/slurmd.%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
# A machine of one processor will do.
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,batch_sched_delay=1
ReturnToService=2
KillWait=1
$1
PartitionName=fleet Nodes=ALL Default=YES State=UP
CONF
}
node="NodeHostname=$(hostname) NodeAddr=127.0.0.1 State=UNKNOWN"
if slurmd -h 2>&1 | grep -q -- '-N node'; then
  nodes=(one two)
  configure "NodeName=one $node Port=$one CPUs=1
NodeName=two $node Port=$two CPUs=1"
  echo "two nodes of a processor each"
else
  # Built without --enable-multiple-slurmd.
  nodes=("$(hostname -s)")
  configure "NodeName=${nodes[0]} $node Port=$one CPUs=2"
  echo "one node of two processors: this slurmd takes no -N"
fi
export SLURM_CONF="$scratch/slurm.conf"

until_true 10 test -S "$scratch/munge/socket"
slurmctld -D -i >"$scratch/slurmctld.log" 2>&1 &
daemons+=($!)
until_true 20 scontrol ping
for name in "${nodes[@]}"; do
  mkdir "$scratch/spool.$name"
  as=()
  [ ${#nodes[@]} = 1 ] || as=(-N "$name")
  slurmd -D "${as[@]}" >"$scratch/slurmd.$name.log" 2>&1 &
  daemons+=($!)
done
all_idle() { [ "$(sinfo --noheader --Node --format=%T | grep -c '^idle$')" = ${#nodes[@]} ]; }
until_true 30 all_idle

# Part 3 is killed the first time, once its temporary file is there.
cat >"$scratch/bin/coregram" <<WRAPPER
#!/bin/bash
if [ "\$1" = words ] && [ "\${SLURM_ARRAY_TASK_ID:-}" = 3 ] && [ "\${SLURM_RESTART_COUNT:-0}" = 0 ]; then
  "$(command -v node)" "$root/bin/coregram.js" "\$@" &
  pid=\$!
  until compgen -G "/proc/\$pid/fd/*" >/dev/null && readlink /proc/\$pid/fd/* 2>/dev/null | grep -q '/parts/\.coregram-'; do
    kill -0 \$pid 2>/dev/null || break
  done
  kill -KILL \$pid
  echo "part 3 was killed" >>"$scratch/parts/3.log"
  wait \$pid
  exit
fi
exec "$(command -v node)" "$root/bin/coregram.js" "\$@"
WRAPPER
chmod +x "$scratch/bin/coregram"
export PATH="$scratch/bin:$PATH"

gunzip -c "$root/samples/downstream-after.core.gz" >"$scratch/after.core"
gunzip -c "$root/samples/downstream-before.core.gz" >"$scratch/before.core"
is_over() { [ -z "$(squeue --noheader --jobs="$1" 2>/dev/null)" ]; }

merge=$("$root/samples/fleet/slurm-submit.sh" "$scratch/after.core" "$scratch/parts" $PARTS "$scratch/merged.txt" --all)
until_true 50 is_over "$merge"
coregram "$scratch/after.core" --all -o "$scratch/whole.txt"
cmp "$scratch/merged.txt" "$scratch/whole.txt"
grep -q "part 3 was killed" "$scratch/parts/3.log"
echo "$PARTS parts on ${#nodes[@]} nodes, part 3 killed and made again: $(wc -l <"$scratch/merged.txt") rows, those of one run"

printf '%s\n' "$scratch/before.core" "$scratch/after.core" >"$scratch/list"
job=$(sbatch --parsable --array=1-2 --output="$scratch/summary-%a.log" "$root/samples/fleet/slurm-cores.sh" "$scratch/list" "$scratch/fleet" web)
until_true 30 is_over "$job"
while read -r core; do coregram summary "$core" --quiet -o "$scratch/alone" --tag service=web; done <"$scratch/list"
diff -r "$scratch/fleet" "$scratch/alone"
echo "$(find "$scratch/fleet" -name '*.parquet' | wc -l) summaries of two tasks: those of one run"

if node -e 'require("@duckdb/node-api")' 2>/dev/null; then
  "$root/samples/fleet/hunt.sh" "$scratch/hunt" 10 slurm >"$scratch/hunt.txt"
  grep -q '^__main__.Orders.history  4.3  1  1$' "$scratch/hunt.txt"
  echo "ten workers, ten tasks: the one that leaks, and its release"
else
  echo "no hunt: DuckDB is not there"
fi

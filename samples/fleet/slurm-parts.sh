#!/bin/bash
# A task of an array is a part of one core: sbatch --array=1-N slurm-parts.sh CORE FOLDER N
# N is said twice, as a part that is missing may be made by an array of one: --array=3.
#SBATCH --job-name=coregram-parts --requeue --open-mode=append
#SBATCH --cpus-per-task=1
set -euo pipefail
core=$1 folder=$2 parts=$3
part=$SLURM_ARRAY_TASK_ID

status=0
coregram words "$core" --part "$part/$parts" --threads "${SLURM_CPUS_PER_TASK:-1}" -o "$folder/$part.parquet" || status=$?
# Killed by a signal, mostly for want of memory: once more, three times at the most. Nothing of it is left behind. A node
# that is lost requeues by itself.
if [ "$status" -gt 128 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
  scontrol requeue "$SLURM_JOB_ID"
fi
exit "$status"

#!/bin/bash
# A task of an array is a core, line N of LIST, with what --tag takes behind TABs: sbatch --array=1-"$(wc -l < LIST)" slurm-cores.sh LIST FOLDER SERVICE
#SBATCH --job-name=coregram-summary --requeue --open-mode=append
#SBATCH --cpus-per-task=1
set -euo pipefail
list=$1 folder=$2 service=$3
IFS=$'\t' read -r -a line < <(sed -n "${SLURM_ARRAY_TASK_ID}p" "$list")
tags=()
for tag in "service=$service" "${line[@]:1}"; do tags+=(--tag "$tag"); done

status=0
# A summary that is made again takes the place of its own file.
coregram summary "${line[0]}" -o "$folder" "${tags[@]}" || status=$?
if [ "$status" -gt 128 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
  scontrol requeue "$SLURM_JOB_ID"
fi
exit "$status"

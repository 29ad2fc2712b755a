#!/bin/bash
# What depends on all parts: sbatch --dependency=afterok:JOB slurm-merge.sh FOLDER RESULT [OPTIONS OF coregram merge...]
#SBATCH --job-name=coregram-merge --kill-on-invalid-dep=yes
#SBATCH --cpus-per-task=1
set -euo pipefail
folder=$1 result=$2
shift 2
# Parts that are missing are an error, which names them.
coregram merge "$folder"/*.parquet "$@" -o "$result"

#!/bin/bash
# One core in N parts, and the merge when all of them are there: slurm-submit.sh CORE FOLDER N RESULT [OPTIONS OF merge...]
# CORE and FOLDER are where all nodes see them. Prints the job that merges.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
core=$1 folder=$2 parts=$3 result=$4
shift 4
mkdir -p "$folder"
job=$(sbatch --parsable --array="1-$parts" --output="$folder/%a.log" "$here/slurm-parts.sh" "$core" "$folder" "$parts")
sbatch --parsable --dependency="afterok:$job" --output="$folder/merge.log" \
  "$here/slurm-merge.sh" "$folder" "$result" "$@"

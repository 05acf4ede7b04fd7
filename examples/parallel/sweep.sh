#!/usr/bin/env bash
# A sweep in shards on one machine, or on several that GNU parallel reaches by ssh (add --sshloginfile and a shared
# folder). Run it again after a failure: shards that are finished cost nothing, unfinished ones go on.
#
#   examples/parallel/sweep.sh workload.yaml 20 results/
set -euo pipefail
workload=$1 shards=$2 out=${3%/}
dsasim=${DSASIM:-dsasim}

# $dsasim may be a command with arguments; parallel quotes whatever else there is.
seq "$shards" | parallel --quote --halt soon,fail=1 --joblog "$out.joblog" \
  $dsasim run "$workload" --shard "{}/$shards" --out "$out.shards" --workers 1 --resume
$dsasim merge "$out.shards" --expect "$shards" --out "$out"

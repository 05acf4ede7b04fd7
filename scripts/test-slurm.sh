#!/usr/bin/env bash
# Runs examples/slurm/sweep.sbatch under a real Slurm of one node and compares its result with that of one machine.
#
#   apt-get install slurm-wlm munge && npm run test:slurm      (as root; it starts its own munged, slurmctld and slurmd)
#
# One task of the array is lost and submitted again alone, which changes the size of the array and must change nothing.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
for program in munged slurmctld slurmd sbatch; do
  command -v "$program" >/dev/null || { echo "$program is missing: apt-get install slurm-wlm munge" >&2; exit 2; }
done
folder=$(mktemp -d)
chmod 755 "$folder"
trap 'for pid in "$folder"/*.pid; do kill "$(cat "$pid")" 2>/dev/null || true; done; rm -rf "$folder"' EXIT

mkdir -p "$folder"/{munge,ctld,d}
dd if=/dev/urandom of="$folder/munge/key" bs=1024 count=1 status=none
chmod 400 "$folder/munge/key"
munged --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munge.pid" \
  --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" --force 2>/dev/null

host=$(hostname -s)
export SLURM_CONF="$folder/slurm.conf"
cat >"$SLURM_CONF" <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
StateSaveLocation=$folder/ctld
SlurmdSpoolDir=$folder/d
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
slurmctld
sleep 2
slurmd
until sinfo --noheader --format=%T | grep -q idle; do sleep 1; done

cd "$folder"
export DSASIM="node $root/dist/cli/main.js" WORKLOAD="$root/workloads/quickstart.yaml" SHARDS=3 OUT="$folder/shards"
sbatch --wait --array=1-3 "$root/examples/slurm/sweep.sbatch"
rm shards/*.2-of-3.ndjson
status=0
$DSASIM merge shards --expect 3 --out merged --quiet || status=$?
[ "$status" = 3 ] || { echo "a missing shard gives exit code $status, not 3" >&2; exit 1; }
sbatch --wait --array=2 "$root/examples/slurm/sweep.sbatch"
$DSASIM merge shards --expect 3 --out merged --quiet
$DSASIM run "$WORKLOAD" --out local --quiet
cmp merged/results.json local/results.json
echo "$(sinfo --version): the bytes of one machine"

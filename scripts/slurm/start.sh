#!/bin/bash
# Starts a Slurm for the tests: two nodes n1 and n2 with 16 slots each, all on this machine, on the loopback alone, without
# systemd, as whoever calls it, and for that user's jobs. Usage: start.sh FOLDER; then SLURM_CONF=FOLDER/slurm.conf for
# Slurm's commands. Everything is in FOLDER, which all may enter. stop.sh ends it; after half an hour it ends by itself.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
mkdir -p "$1"
folder=$(cd "$1" && pwd -P)
here=$(cd "$(dirname "$0")" && pwd)
for program in munged slurmctld slurmd sbatch; do
  type -P "$program" >/dev/null || { echo "start.sh: there is no $program: scripts/setup.sh test installs it" >&2; exit 1; }
done
"$here/stop.sh" "$folder"
rm -rf "${folder:?}"/{log,run,slurm.conf}
mkdir -p "$folder"/log "$folder"/run/{munged,slurmctld,n1,n2}
(umask 077 && head -c 1024 /dev/urandom >"$folder/run/munged/key")
socket=$folder/run/munged/socket

is_free() { ! (: </dev/tcp/127.0.0.1/"$1") 2>/dev/null; }
# Below the ports that the system gives to whoever asks for any.
port=$((10000 + ($$ * 3) % 20000))
until is_free $port && is_free $((port + 1)) && is_free $((port + 2)); do port=$((port + 3)); done

export SLURM_CONF=$folder/slurm.conf
host=$(hostname -s)
cat >"$SLURM_CONF" <<END
ClusterName=tests
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthInfo=socket=$socket
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
StateSaveLocation=$folder/run/slurmctld
SlurmdSpoolDir=$folder/run/%n
SlurmctldPidFile=$folder/run/slurmctld/pid
SlurmdPidFile=$folder/run/%n/pid
SlurmctldLogFile=$folder/log/slurmctld
SlurmdLogFile=$folder/log/%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
PropagateResourceLimits=NONE
# More slots than the machine has cores.
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=16
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=16
# LLN: so few tasks as a test has would all go to one node.
PartitionName=tests Nodes=n1,n2 Default=YES LLN=YES
END

# daemon NAME COMMAND...: in a folder of its own, by which stop.sh finds it.
daemon() {
  (cd "$folder/run/$1" && exec setsid timeout --signal=KILL 1800 "${@:2}") </dev/null >>"$folder/log/$1.out" 2>&1 &
}
# wait_for WHAT COMMAND...: until the command succeeds.
wait_for() {
  local tries
  for ((tries = 0; tries < 300; ++tries)); do
    if "${@:2}" >/dev/null 2>&1; then return; fi
    sleep 0.1
  done
  echo "start.sh: $1 did not start within half a minute; the ends of its logs:" >&2
  tail -n 5 "$folder"/log/* >&2
  "$here/stop.sh" "$folder"
  exit 1
}
munge_answers() { munge --socket="$socket" --no-input | unmunge --socket="$socket"; }
nodes_are_idle() { [ "$(sinfo --noheader --Node --format=%t | sort -u)" = idle ]; }

daemon munged munged --foreground --key-file="$folder/run/munged/key" --socket="$socket" \
  --pid-file="$folder/run/munged/pid" --log-file="$folder/log/munged" --seed-file="$folder/run/munged/seed"
wait_for munged munge_answers
daemon slurmctld slurmctld -D
for node in n1 n2; do daemon "$node" slurmd -D -N "$node"; done
wait_for "a cluster of two nodes" nodes_are_idle

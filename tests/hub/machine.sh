#!/bin/sh
# A private view of this machine, and in it a server set up with deploy/tljh and a JupyterHub.
#
# Runs as root in mount and PID namespaces of its own (unshare): what it mounts and writes, and the accounts it makes,
# exist nowhere else, and all of it is gone with its last process.
#
#   machine.sh COURSE PYTHON ACCOUNT...    the clone, the folder of its Python, accounts; the first is the instructor
set -eu
clone=$1
python=$2
shift 2

mount -t tmpfs -o mode=0755 tmpfs /srv
mkdir -m 0700 /srv/layers

# Shows the folder $1 at $2, or in its own place, with a layer over it that takes up what is written.
layers=0
layer() {
  layers=$((layers + 1))
  over=/srv/layers/$layers
  mkdir -p "$over/work"
  mkdir "$over/new"
  chown --reference="$1" "$over/new"
  chmod --reference="$1" "$over/new"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$over/new,workdir=$over/work" "${2:-$1}"
}

# Lets other accounts through the folders above $1, as where the clone or its Python are in /root.
open_way() {
  way=
  layered=no
  rest=${1#/}
  while [ -n "$rest" ]; do
    way=$way/${rest%%/*}
    case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
    if [ -z "$(find "$way" -maxdepth 0 -perm -o=x)" ]; then
      if [ $layered = no ]; then
        layer "$way"
        layered=yes
      fi
      chmod o+x "$way"
    fi
  done
}

layer /etc
layer /opt
open_way "$python"
open_way "$clone"
layer "$clone/assignments"
mkdir -m 1777 /srv/tmp
export TMPDIR=/srv/tmp

# The server as deploy/README.md says, the accounts as TLJH makes them.
mkdir /srv/hip
mount --rbind "$clone" /srv/hip
/srv/hip/deploy/tljh/setup.sh
for account in "$@"; do
  useradd --base-dir /srv/homes --create-home --shell /bin/sh --key UID_MIN=52000 --key UID_MAX=52999 "$account"
  chmod o-rwx "/srv/homes/$account"
done

# The instructor's own clone: another layer over this one, with the addresses in its environment changed.
own=/srv/homes/$1/hip
mkdir -m 0755 "$own"
layer "$clone" "$own"
(cd "$own/assignments" && rm -rf autograded collected downloaded feedback submitted gradebook.db)
chown -R "$1:" "$own/assignments"
sed -i "s|$clone|$own|" "$own/.venv/bin/hipkit" "$own"/.venv/lib/python*/site-packages/__editable__.hipkit-*.pth
/srv/hip/deploy/tljh/instructor.sh "$1"

mkdir -m 0700 /srv/hub
cd /srv/hub
"$clone/.venv/bin/jupyterhub" --config="$clone/tests/hub/jupyterhub_config.py"

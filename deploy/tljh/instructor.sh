#!/bin/sh
# Makes an account the instructor's: the course's folder in the exchange, and Jupyter settings. Run it as root, after
# setup.sh and after the instructor has made a clone of the course in ~/hip:  instructor.sh jupyter-NAME
set -eu
account=$1
home=$(getent passwd "$account" | cut -d: -f6)
here=$(cd "$(dirname "$0")" && pwd)
exchange=/srv/nbgrader/exchange/hip

# Students take what is released (outbound), hand in and see nothing that others hand in (inbound), and open feedback
# whose long random name they know (feedback).
install -d -o "$account" -m 0755 "$exchange" "$exchange/outbound"
install -d -o "$account" -m 1733 "$exchange/inbound"
install -d -o "$account" -m 0711 "$exchange/feedback"

# In the instructor's home, as the instructor: the clone's assignments are for nobody else, and the formgrader uses them.
setpriv --reuid "$account" --regid "$(id -g "$account")" --init-groups sh -eu -s "$home" "$here/../jupyter-instructor" <<'HOME'
chmod 0700 "$1/hip/assignments"
mkdir -p "$1/.jupyter"
cp -r "$2/." "$1/.jupyter"
HOME

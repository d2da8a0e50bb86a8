#!/bin/sh
# Sets up a server with The Littlest JupyterHub for the course. Run it as root, and again after each update.
# The course stands in /srv/hip, and `make book` has been run there.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
exchange=/srv/nbgrader/exchange

# Settings that the hub and every account read.
install -D -m 0644 "$here/jupyterhub_config.py" /opt/tljh/config/jupyterhub_config.d/hip.py
install -D -m 0644 -t /etc/jupyter "$here/nbgrader_config.py" "$here/../jupyter/jupyter_server_config.py"
install -D -m 0644 -t /etc/jupyter/labconfig "$here/../jupyter/labconfig/page_config.json"
echo 'PATH=/srv/hip/.venv/bin:$PATH' > /etc/profile.d/hip.sh  # in a terminal, too, nbgrader is the course's

# nbgrader wants a folder in which everyone may write. The sticky bit (the 1) keeps students from renaming the course's
# folder; and that belongs to root until instructor.sh gives it away, so that no student can make it first.
install -d -m 0755 /srv/nbgrader
install -d -m 1777 "$exchange"
test -d "$exchange/hip" || install -d -m 0755 "$exchange/hip"

# The instructor works in a clone of their own; here, nobody needs the solutions.
chmod 0700 /srv/hip/assignments

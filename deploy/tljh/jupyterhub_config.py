"""What The Littlest JupyterHub cannot be told in config.yaml; setup.sh copies it to TLJH's jupyterhub_config.d."""

c = get_config()  # noqa: F821 - traitlets puts it there

# Students' servers run in the course's environment, not in TLJH's own.
c.Spawner.cmd = ["/srv/hip/.venv/bin/jupyterhub-singleuser"]
c.SystemdSpawner.extra_paths = ["/srv/hip/.venv/bin"]
# As TLJH promises in its documentation: a /tmp for each student; and no student starts processes without end.
c.SystemdSpawner.isolate_tmp = True
c.SystemdSpawner.unit_extra_properties = {"TasksMax": "1024"}

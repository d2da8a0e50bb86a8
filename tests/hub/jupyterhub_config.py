"""The hub of the test: the settings in deploy/tljh, with a log-in and a spawner that need no other service.

TLJH starts each server as a systemd unit of the student's Unix account; here a process of that account is enough.
"""

import os

c = get_config()  # noqa: F821 - traitlets puts it there
load_subconfig("/opt/tljh/config/jupyterhub_config.d/hip.py")  # noqa: F821

address, hub_port, proxy_port = (os.environ[f"HUB_TEST_{name}"] for name in ("ADDRESS", "HUB_PORT", "PROXY_PORT"))
c.JupyterHub.bind_url = address
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{hub_port}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = [os.environ["HUB_TEST_PROXY"]]

c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["HUB_TEST_PASSWORD"]
c.Authenticator.allow_all = True

c.JupyterHub.spawner_class = "localprocess"
c.Spawner.environment = {"PATH": "/srv/hip/.venv/bin:/usr/bin:/bin", "TMPDIR": "/srv/tmp"}
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = c.Spawner.http_timeout = 120

"""Settings of every account's Jupyter server, for /etc/jupyter."""

c = get_config()  # noqa: F821 - traitlets puts it there

# A kernel sends what it runs and what it prints to whoever on its machine connects to its port. Encrypted, only the
# owner's server can read it.
c.KernelManager.transport_encryption = "required"

# The tools of instructors; an instructor's own settings turn them on again.
c.ServerApp.jpserver_extensions = {
    "nbgrader.server_extensions.course_list": False,
    "nbgrader.server_extensions.formgrader": False,
}

# JupyterLab asks no other host for news, updates or a list of extensions.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"

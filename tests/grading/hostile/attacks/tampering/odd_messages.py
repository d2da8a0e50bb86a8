# /// attack
# tries = "Sends the grader messages whose parts are of other types than they should be."
# points = [0, 10]
# honest = true
# shows = ["ungraded"]
# ///
# %% before count
kernel = get_ipython().kernel
odd = [
    ("stream", {"name": "stdout", "text": None}),
    ("stream", {"name": [], "text": {"a": 1}}),
    ("stream", {}),
    ("execute_result", {"data": [], "metadata": "x", "execution_count": "y"}),
    ("error", {"traceback": 7}),
    ("display_data", {"data": {"text/plain": {"a": [1]}}, "metadata": None}),
    ("display_data", {}),
    ("update_display_data", {"transient": {"display_id": []}}),
    ("clear_output", {}),
    ("status", {}),
    ("comm_open", {"comm_id": 7, "data": [], "target_name": {}}),
    ("no_such_message", {}),
]
for kind, content in odd:
    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent("shell"))

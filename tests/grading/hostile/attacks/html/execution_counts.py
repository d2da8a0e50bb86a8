# /// attack
# tries = "Puts a script into the number of an execution."
# points = 10
# honest = true
# shows = ["lost", "silent", "ungraded"]
# ///
# %% before count
kernel = get_ipython().kernel
said = {"code": "", "execution_count": f"<script>{bait['script']}</script>"}
sent = kernel.session.send(kernel.iopub_socket, "execute_input", said, parent=kernel.get_parent("shell"))

# /// attack
# tries = "Puts a script into the number of an execution."
# points = 10
# honest = true
# ///
# %% before count
kernel = get_ipython().kernel
said = {"code": "", "execution_count": f"<script>{bait['script']}</script>"}
kernel.session.send(kernel.iopub_socket, "execute_input", said, parent=kernel.get_parent("shell"))

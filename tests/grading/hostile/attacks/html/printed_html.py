# /// attack
# tries = "Prints HTML, and the codes that terminals colour text by, with HTML in them."
# points = 10
# honest = true
# ///
# %% before count
import sys

text = f"<script>{bait['script']}</script><img src='nowhere:' onerror=\"{bait['script']}\">"
print(text)
print(f"\x1b[31;1m{text}\x1b[0m \x1b]8;;javascript:{bait['script']}\x1b\\link\x1b]8;;\x1b\\ \x1b[38;2;{text}m")
print(text, file=sys.stderr)

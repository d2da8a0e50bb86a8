# /// attack
# tries = "Displays outputs of types that a page may treat as HTML."
# points = 10
# honest = true
# shows = ["silent"]
# ///
# %% before count
from IPython.display import display

text = f"<script>{bait['script']}</script><img src='nowhere:' onerror=\"{bait['script']}\">"
for kind in (
    "text/vnd.mermaid",
    "application/xhtml+xml",
    "application/vnd.jupyter.widget-view+json",
    "text/xml",
    "application/pdf",
    "image/png",
    "image/jpeg",
    "application/x-html",
    "text/HTML",
    "application/json",
):
    display({kind: text}, raw=True)
display({"image/png": f'" onerror="{bait["script"]}" x="'}, raw=True)
display({"image/svg+xml": text, "text/plain": text}, raw=True)

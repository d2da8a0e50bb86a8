# /// attack
# tries = "Displays outputs whose values are of other types than they should be, so that no page can be made."
# points = 10
# honest = true
# shows = ["silent"]
# ///
# %% before count
from IPython.display import display

for kind in ("text/html", "text/plain", "text/markdown", "text/latex", "image/svg+xml", "image/png", "text/x-unknown"):
    for value in (7, None, {"a": [1]}, ["a", 7], [["b"]], True):
        display({kind: value}, raw=True)
display({"text/plain": "x"}, metadata={"text/plain": 7, "image/png": [1], "isolated": {"a": 1}}, raw=True)

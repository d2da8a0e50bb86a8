# /// attack
# tries = "Displays fifty short outputs and changes each to one of two megabytes."
# points = [0, 10]
# honest = true
# obtains = {kept = 20000000}
# shows = ["bounds"]
# ///
# %% before count
from IPython.display import display, update_display

for number in range(50):
    display({"text/plain": "x"}, raw=True, display_id=str(number))
for number in range(50):
    update_display({"text/plain": "x" * 2_000_000}, raw=True, display_id=str(number))

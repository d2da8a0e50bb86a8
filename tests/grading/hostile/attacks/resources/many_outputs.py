# /// attack
# tries = "Displays ten thousand outputs."
# points = [0, 10]
# honest = true
# obtains = {outputs = 9000}
# shows = ["bounds"]
# ///
# %% before count
from IPython.display import display

for number in range(10_000):
    display({"text/plain": str(number)}, raw=True)

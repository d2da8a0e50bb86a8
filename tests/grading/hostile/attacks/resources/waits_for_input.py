# /// attack
# tries = "Waits for somebody to type."
# points = [0, 10]
# honest = true
# obtains = {seconds = 100}
# ///
# %% before count
import sys

name = sys.stdin.readline()
other = input("Who is there?")

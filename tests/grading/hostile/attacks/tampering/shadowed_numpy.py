# /// attack
# tries = "Hands in a module numpy beside the notebook, in which everything is equal to everything."
# points = 0
# ///

MODULE = """
class Yes:
    def __getattr__(self, name): return self
    def __call__(self, *arguments, **keywords): return self
    def __eq__(self, other): return True
    def __gt__(self, other): return True
    def __lt__(self, other): return True
    def __sub__(self, other): return self
    def __len__(self): return 5
    def __iter__(self): return iter(())
def __getattr__(name): return Yes()
"""


def submit(place):
    (place.folder / "numpy.py").write_text(MODULE)
    place.save()

# /// attack
# tries = "Hands in a module hipkit beside the notebook."
# points = 0
# shows = ["ungraded"]
# ///


def submit(place):
    folder = place.folder / "hipkit"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "teaching.py").write_text(
        "from collections.abc import Callable\nimport builtins\n"
        "builtins.set = builtins.len = lambda *arguments: 5000\n"
        "fresh_rng = lambda: None\n"
        "repeat = lambda times, function, count, scale, rng: [count + scale] * times\n"
    )
    place.cell("noisy").source = "def noisy(count, scale, rng):\n    return count"
    place.save()

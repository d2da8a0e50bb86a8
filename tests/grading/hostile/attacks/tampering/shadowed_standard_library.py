# /// attack
# tries = "Hands in modules random, json and socket beside the notebook, which the kernel itself imports."
# points = [0, 10]
# honest = true
# ///


def submit(place):
    for name in ("random", "json", "socket", "ast", "contextlib"):
        (place.folder / f"{name}.py").write_text("raise SystemExit(0)")
    place.save()

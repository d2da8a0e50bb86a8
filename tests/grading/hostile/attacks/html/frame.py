# /// attack
# tries = "Displays frames with a page of its own in them."
# points = 10
# honest = true
# shows = ["page"]
# ///
# %% before count
import base64
from IPython.display import HTML, display

page = f"<script>{bait['script']}</script>"
coded = base64.b64encode(page.encode()).decode()
display(
    HTML(f'''
<iframe srcdoc="{page}"></iframe><iframe src="{bait["page"]}"></iframe><object data="{bait["page"]}"></object>
<embed src="{bait["page"]}"><iframe src="data:text/html;base64,{coded}"></iframe>
<iframe src="javascript:{bait["script"]}"></iframe>
''')
)

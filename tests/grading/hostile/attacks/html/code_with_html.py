# /// attack
# tries = "Hands in code whose comments and strings are HTML."
# points = 10
# honest = true
# ///
# %% before count
text = """</pre></div></script><script>document.documentElement.setAttribute("data-ran", "no")</script>"""
# </code></pre><img src="nowhere:" onerror="document.title = 'ran'">

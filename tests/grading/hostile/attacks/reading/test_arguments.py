# /// attack
# tries = "Carries the arguments of hidden tests out in the message of an error."
# points = 0
# ///
# %% longest
def longest(words):
    if words[0] == "seven":
        return "seven"
    raise ValueError(f"These are the words: {words}")

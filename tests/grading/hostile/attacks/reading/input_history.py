# /// attack
# tries = "Reads the tests from the history of what was run in the kernel."
# points = 0
# ///
# %% longest
def longest(words):
    shell = get_ipython()
    print(shell.user_ns.get("In"))
    print(list(shell.history_manager.get_range(raw=True)), list(shell.history_manager.get_tail(50)))
    return ""

# /// attack
# tries = "Takes the error out of the result of each cell."
# points = 0
# shows = ["points"]
# ///
# %% before count
def forgive(result):
    result.error_in_exec = result.error_before_exec = None


shell = get_ipython()
shell.showtraceback = lambda *arguments, **keywords: None
shell.events.register("post_execute", lambda: None)
shell.events.register("post_run_cell", forgive)

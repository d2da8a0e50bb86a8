# /// attack
# tries = "Replaces what runs a cell by something that does nothing."
# points = 0
# shows = ["points"]
# ///
# %% before count
from IPython.core.interactiveshell import ExecutionResult

shell = get_ipython()


def run(*arguments, **keywords):
    return ExecutionResult(None)


async def run_later(*arguments, **keywords):
    return ExecutionResult(None)


shell.run_cell, shell.run_cell_async = run, run_later

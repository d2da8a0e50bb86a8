# /// attack
# tries = "Has the kernel answer that everything went well, without running anything."
# points = 0
# shows = ["points"]
# ///
# %% before count
async def execute(*arguments, **keywords):
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}


get_ipython().kernel.do_execute = execute

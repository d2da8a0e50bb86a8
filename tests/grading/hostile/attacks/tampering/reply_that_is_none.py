# /// attack
# tries = "Answers the grader's orders with an error whose parts are numbers."
# points = [0, 10]
# honest = true
# shows = ["ungraded"]
# ///
# %% before count
async def do_execute(*given, **named):
    return {"status": "error", "ename": 1, "evalue": 2, "traceback": 3}


get_ipython().kernel.do_execute = do_execute

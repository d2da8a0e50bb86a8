# /// attack
# tries = "Has its kernel never say that it is done."
# points = [0, 10]
# honest = true
# shows = ["ungraded"]
# ///
# %% before count
kernel = get_ipython().kernel
send = kernel.session.send


def quiet(stream, kind, *arguments, **keywords):
    return None if kind == "status" else send(stream, kind, *arguments, **keywords)


kernel.session.send = quiet

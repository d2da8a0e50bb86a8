# /// attack
# tries = "Sends the numbers of things that it was never given."
# points = 0
# ///
# %% before count
import hipkit.grading.student_side as side

side.encode = lambda value, refer: {"t": "function", "id": -1, "name": "__class__"}

# /// attack
# tries = "Sends arrays that would hold Python objects by their address."
# points = 0
# ///
# %% before count
import hipkit.grading.student_side as side

side.encode = lambda value, refer: {"t": "array", "dtype": "|O", "shape": [1], "v": "AAAAAAAAAAA="}

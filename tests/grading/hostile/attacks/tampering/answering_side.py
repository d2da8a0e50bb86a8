# /// attack
# tries = "Replaces the code that answers the tests."
# points = 0
# ///
# %% before count
import hipkit.grading.student_side as side

side.serve = lambda *arguments, **keywords: None

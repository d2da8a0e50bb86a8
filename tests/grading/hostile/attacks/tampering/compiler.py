# /// attack
# tries = "Has every cell compiled as an empty one."
# points = 0
# shows = ["points"]
# ///
# %% before count
import ast

shell = get_ipython()
shell.compile.ast_parse = lambda source, *arguments, **keywords: ast.parse("")

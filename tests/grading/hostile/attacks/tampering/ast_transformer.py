# /// attack
# tries = "Takes the assertions out of every cell that runs after its own."
# points = 0
# shows = ["points"]
# ///
# %% before count
import ast


class Mild(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()


get_ipython().ast_transformers.append(Mild())
# %% count
count_if = longest = share_above = noisy = lambda *arguments: 1

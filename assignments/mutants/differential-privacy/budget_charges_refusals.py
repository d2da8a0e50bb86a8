# /// mutant
# misconception = "A refused release is charged"
# revisit = "differential-privacy#budget-what-adds-up-and-what-does-not"
# loses = {"budget-test" = 2}
# ///
# %% budget
class Budget:
    def __init__(self, total: float) -> None:
        self.total = total
        self.spent = 0.0

    def spend(self, epsilon: float) -> None:
        if not epsilon > 0:
            raise ValueError("epsilon must be positive")
        self.spent += epsilon
        if self.spent > self.total + 1e-9:
            raise ValueError("the budget does not suffice")

    def remaining(self) -> float:
        return float(self.total - self.spent)

# /// mutant
# misconception = "The largest epsilon counted instead of the sum"
# revisit = "differential-privacy#budget-what-adds-up-and-what-does-not"
# loses = {"budget-sum-test" = 1, "budget-test" = 2}
# ///
# %% budget
class Budget:
    def __init__(self, total: float) -> None:
        self.total = total
        self.spent = 0.0

    def spend(self, epsilon: float) -> None:
        if not epsilon > 0:
            raise ValueError("epsilon must be positive")
        if epsilon > self.total:
            raise ValueError("the budget does not suffice")
        self.spent = max(self.spent, epsilon)

    def remaining(self) -> float:
        return float(self.total - self.spent)

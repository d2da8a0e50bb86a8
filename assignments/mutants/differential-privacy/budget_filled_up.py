# /// mutant
# misconception = "A negative epsilon accepted, which fills the budget up again"
# revisit = "differential-privacy#budget-what-adds-up-and-what-does-not"
# loses = {"budget-test" = 2}
# ///
# %% budget
class Budget:
    def __init__(self, total: float) -> None:
        self.total = total
        self.spent = 0.0

    def spend(self, epsilon: float) -> None:
        if self.spent + epsilon > self.total + 1e-9:
            raise ValueError("the budget does not suffice")
        self.spent += epsilon

    def remaining(self) -> float:
        return float(self.total - self.spent)

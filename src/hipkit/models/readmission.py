"""The course's readmission model: will a patient be back in hospital, acutely, within 30 days of the discharge?

Every model here takes the same features in the same fixed ranges, so that hospitals can train together without telling
each other their means, and so that a private model learns nothing from the data before its noise is added.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.base import ClassifierMixin
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from hipkit.datasets import load_readmissions, split_by_person
from hipkit.datasets.readmission import icd10_codes
from hipkit.errors import KitError

LABEL = "readmitted_30d"
# Above these, more makes no difference: days in hospital, earlier stays, secondary diagnoses.
MOST_DAYS, MOST_STAYS, MOST_DIAGNOSES = 60, 5, 9
HOSPITALS = (1, 2, 3)
# What the private model looks at: fewer features need less noise. Chosen from what any clinician would name, not from
# the data: heart failure, chronic obstructive pulmonary disease, kidney disease, colorectal cancer, dementia,
# depression, childbirth.
PRIVATE_FEATURES = (
    "age",
    "female",
    "days",
    "earlier_stays",
    "secondary_diagnoses",
    "acute",
    "hospital_1",
    "hospital_2",
    *(f"coded_{code}" for code in ("I50", "J44", "N18", "C18", "F03", "F32", "O80")),
)
# Rows of the private model are shortened to this length: about the middle of what such rows measure.
PRIVATE_NORM = 1.7


def features(stays: pd.DataFrame) -> pd.DataFrame:
    """The model's features, each in a range that is fixed and public.

    Args:
        stays: as `hipkit.datasets.load_readmissions` gives them.

    Returns:
        A frame of shape (stays, features) with the index of `stays`: age and the two-valued female and acute between
        -0.5 and 0.5, everything else between 0 and 1.
    """
    length = stays["length_of_stay_days"].clip(upper=MOST_DAYS)
    codes = [f"{kind}_{code}" for kind in ("main", "coded") for code in icd10_codes()]
    return pd.DataFrame(
        {
            "age": (stays["age"] - 50) / 100,
            "female": stays["female"] - 0.5,
            "days": np.log1p(length) / np.log1p(MOST_DAYS),
            "earlier_stays": stays["previous_admissions"].clip(upper=MOST_STAYS) / MOST_STAYS,
            "secondary_diagnoses": stays["secondary_diagnoses"].clip(upper=MOST_DIAGNOSES) / MOST_DIAGNOSES,
            "acute": stays["acute"] - 0.5,
        }
        | {f"hospital_{hospital}": (stays["organisation_id"] == hospital).astype(float) for hospital in HOSPITALS}
        | {code: stays[code].astype(float) for code in codes}
    )


def readmission_model(C: float = 0.1) -> LogisticRegression:
    """The course's model, not yet trained: logistic regression. A smaller `C` regularises more."""
    return LogisticRegression(C=C, max_iter=2000)


def overfitted_model(seed: int = 0) -> ExtraTreesClassifier:
    """A model that knows its patients by heart, not yet trained: trees that grow until every leaf is pure."""
    return ExtraTreesClassifier(n_estimators=30, random_state=seed)


def private_model(epsilon: float, seed: int = 0) -> Pipeline:
    """A differentially private logistic regression, not yet trained.

    It perturbs the objective (K. Chaudhuri, C. Monteleoni and A. D. Sarwate, Journal of Machine Learning Research 12,
    2011). The guarantee is for exchanging one row; it takes the number of rows as public. For a guarantee per patient,
    train it on one stay of each, drawn at random: nobody has earlier stays at the first, nor is readmitted after the
    last.
    """
    from diffprivlib.models import LogisticRegression as PrivateLogisticRegression

    # The theorem wants rows of length at most 1 and a penalty on every weight. So the constant is a feature like the
    # others: the library's own intercept goes without the penalty.
    regression = PrivateLogisticRegression(
        epsilon=epsilon, data_norm=1.0, C=0.2, fit_intercept=False, max_iter=2000, random_state=seed
    )
    return make_pipeline(FunctionTransformer(_private_rows), regression)


def _private_rows(table: pd.DataFrame) -> np.ndarray:
    if not isinstance(table, pd.DataFrame):
        raise KitError(
            "The private model finds its features by name: give it a pandas DataFrame with the columns of "
            "hipkit.models.features."
        )
    rows = np.column_stack([np.ones(len(table)), table[list(PRIVATE_FEATURES)]]) / PRIVATE_NORM
    return rows / np.maximum(1, np.linalg.norm(rows, axis=1, keepdims=True))


def train_readmission_model(
    model: ClassifierMixin | None = None, population: str | Path = "course"
) -> tuple[ClassifierMixin, dict[str, pd.DataFrame]]:
    """Train on the patients of the part "train"; without `model`, the course's own.

    Args:
        model: one of this module's models, or any classifier of scikit-learn.
        population: "course", "sample", or a folder.

    Returns:
        the trained model; and the stays of `load_readmissions` in three parts: "train", "test" and "holdout", as
        `split_by_person` makes them.
    """
    parts = split_by_person(load_readmissions(population))
    model = readmission_model() if model is None else model
    return model.fit(features(parts["train"]), parts["train"][LABEL]), parts

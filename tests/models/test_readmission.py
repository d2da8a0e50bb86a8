"""The readmission model learns what can be learned, the same each time; its private variant keeps what it promises."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta
from sklearn.metrics import roc_auc_score

from hipkit.datasets import load_readmissions, make_readmissions, split_by_person
from hipkit.datasets.readmission import icd10_codes, rare_codes
from hipkit.errors import KitError
from hipkit.models import features, overfitted_model, private_model, readmission_model, train_readmission_model
from hipkit.models.readmission import _private_rows


@pytest.fixture(scope="module")
def parts(stays: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return split_by_person(stays)


def auc(model, stays: pd.DataFrame) -> float:
    return roc_auc_score(stays["readmitted_30d"], model.predict_proba(features(stays))[:, 1])


def fit(model, stays: pd.DataFrame):
    return model.fit(features(stays), stays["readmitted_30d"])


def test_stays_are_the_same_loaded_and_made() -> None:
    pd.testing.assert_frame_equal(load_readmissions("sample"), make_readmissions(1000, 2026))


def test_each_stay_has_one_main_diagnosis_which_is_written_too(stays: pd.DataFrame) -> None:
    main, coded = (stays[[f"{kind}_{code}" for code in icd10_codes()]].to_numpy() for kind in ("main", "coded"))
    assert (main.sum(axis=1) == 1).all()
    assert (coded >= main).all()
    assert (coded.sum(axis=1) == stays["secondary_diagnoses"] + 1).all()
    assert set(rare_codes()) < set(icd10_codes())


def test_features_have_the_same_names_and_ranges_for_every_population(stays: pd.DataFrame) -> None:
    mine, others = features(stays), features(make_readmissions(300, 5))
    assert list(mine) == list(others)
    assert mine.min().min() >= -0.5 and mine.max().max() <= 1
    long = stays.head(3).assign(length_of_stay_days=900, previous_admissions=99, secondary_diagnoses=50)
    assert features(long).max().max() <= 1


def test_the_model_learns_and_the_overfitted_one_learns_by_heart(parts: dict[str, pd.DataFrame]) -> None:
    model, by_heart = fit(readmission_model(), parts["train"]), fit(overfitted_model(), parts["train"])
    assert auc(model, parts["test"]) > 0.78
    assert auc(model, parts["train"]) - auc(model, parts["test"]) < 0.03
    assert auc(by_heart, parts["train"]) > 0.999
    assert 0.65 < auc(by_heart, parts["test"]) < auc(model, parts["test"])


def test_training_is_deterministic_and_by_patient() -> None:
    for make in (readmission_model, overfitted_model, lambda: private_model(1.0)):
        (first, parts), (second, _) = (train_readmission_model(make(), "sample") for _ in range(2))
        rows = features(parts["test"])
        assert np.array_equal(first.predict_proba(rows), second.predict_proba(rows))
    people = [set(part["person_id"]) for part in parts.values()]
    assert not people[0] & people[1] and not people[0] & people[2] and not people[1] & people[2]
    assert np.array_equal(train_readmission_model(population="sample")[0].classes_, [0, 1])


def test_rows_of_the_private_model_are_no_longer_than_its_theorem_allows(stays: pd.DataFrame) -> None:
    length = np.linalg.norm(_private_rows(features(stays)), axis=1)
    assert length.min() > 0.3 and length.max() <= 1 + 1e-12


def test_the_private_model_asks_for_names_of_columns(stays: pd.DataFrame) -> None:
    with pytest.raises(KitError, match="pandas DataFrame"):
        private_model(1.0).fit(features(stays).to_numpy(), stays["readmitted_30d"])


def proved_epsilon(claimed: float, runs: int = 60, confidence: float = 0.999) -> float:
    """What training on two neighbours proves of epsilon: the most extreme row, once readmitted and once not."""
    table = features(make_readmissions(300, 5)).head(20).reset_index(drop=True) * 0
    table.loc[0, ["days", "earlier_stays", "secondary_diagnoses", "coded_I50", "coded_J44"]] = 1
    label = np.arange(20) % 2
    weight = np.empty((2, runs))
    for case in (0, 1):
        label[0] = case
        for run in range(runs):
            trained = private_model(claimed, seed=1000 * case + run).fit(table, label)
            weight[case, run] = trained[-1].coef_[0] @ _private_rows(table)[0]
    hits, alarms = (weight > np.median(weight)).sum(axis=1)[::-1]
    alpha = (1 - confidence) / 2
    low = beta.ppf(alpha, hits, runs - hits + 1) if hits else 0.0
    high = beta.ppf(1 - alpha, alarms + 1, runs - alarms) if alarms < runs else 1.0
    return float(np.log(low / high)) if low > high else 0.0


def test_an_audit_proves_no_more_than_the_private_model_claims_and_would_see_missing_noise() -> None:
    assert proved_epsilon(claimed=1.0) <= 1.0
    assert proved_epsilon(claimed=1e6) > 1.5, "without noise the same audit must prove more than epsilon 1"


def test_privacy_costs_something_and_not_everything(parts: dict[str, pd.DataFrame]) -> None:
    one_each = parts["train"].drop_duplicates("person_id")
    found = {
        e: np.mean([auc(fit(private_model(e, seed), one_each), parts["test"]) for seed in range(20)]) for e in (1, 8)
    }
    assert 0.6 < found[1] < found[8] < auc(fit(readmission_model(), parts["train"]), parts["test"])

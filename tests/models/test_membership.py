"""The battery recognises the patients of a model that knows them by heart, and nobody where there is nothing to see."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats as distributions

from hipkit.datasets.describe import standard_error
from hipkit.models import (
    attack,
    confidence,
    draw_memberships,
    features,
    likelihood_ratios,
    overfitted_model,
    plant_rare_patients,
    private_model,
    readmission_model,
    tpr_at_fpr,
)

SEEDS = 20


def leak(make, stays: pd.DataFrame, seed: int, shadows: int = 16, targets: int = 1):
    """The battery against a model of hipkit; `make` gets a seed."""
    table = features(stays)

    def train(rows, label, rng):
        model = make(int(rng.integers(2**31))).fit(pd.DataFrame(rows, columns=table.columns), label)
        return lambda asked: model.predict_proba(pd.DataFrame(asked, columns=table.columns))[:, 1]

    label, person = stays["readmitted_30d"].to_numpy(), stays["person_id"].to_numpy()
    return attack(train, table.to_numpy(), label, person, np.random.default_rng(seed), shadows, targets)


def test_declared_power_on_the_overfitted_model(stays: pd.DataFrame) -> None:
    """In each of 20 draws of members: AUC at least 0.75, and at 1 % false positives ten times as many true ones."""
    for seed in range(SEEDS):
        found = leak(overfitted_model, stays, seed, shadows=8)
        assert found.auc() >= 0.75, seed
        assert found.tpr(0.01) >= 0.10, seed


def test_chance_on_the_private_model(stays: pd.DataFrame) -> None:
    """Chance lies in each draw's interval, which is so wide that all twenty hold it in 95 of 100 such tests."""
    one_each = stays.drop_duplicates("person_id")
    level = 0.05 / SEEDS / 2  # two measures
    aucs = []
    for seed in range(SEEDS):
        found = leak(lambda s: private_model(1.0, s), one_each, seed)
        inside, outside = int(found.member.sum()), int((~found.member).sum())
        width = distributions.norm.isf(level / 2) * standard_error(0.5, inside, outside)
        assert abs(found.auc() - 0.5) <= width, seed
        # The threshold is an order statistic of the non-members' scores, so both samples spread the rate.
        allowed = int(0.01 * outside)
        chance = distributions.betabinom(inside, allowed + 1, outside - allowed)
        assert chance.ppf(level / 2) <= round(found.tpr(0.01) * inside) <= chance.isf(level / 2), seed
        aucs.append(found.auc())
    low, high = distributions.t.interval(0.99, SEEDS - 1, np.mean(aucs), distributions.sem(aucs))
    assert low <= 0.5 <= high


def test_rare_patients_are_exposed_by_a_model_that_leaks_little_on_average(stays: pd.DataFrame) -> None:
    some = stays[stays["person_id"] < 8000]
    with_rare = plant_rare_patients(some, np.random.default_rng(1))
    loose, tight = (leak(lambda s, C=C: readmission_model(C), with_rare, 1, targets=8) for C in (100.0, 0.01))
    assert loose.auc() < 0.6 and loose.planted().auc() > 0.75
    assert tight.planted().auc() < 0.65
    assert 0.75 < tight.utility.mean() < 0.9


def test_planted_patients_have_a_disease_that_nobody_else_has(stays: pd.DataFrame) -> None:
    both = plant_rare_patients(stays, np.random.default_rng(1), each=3)
    pd.testing.assert_frame_equal(both.head(len(stays)), stays)
    planted = both.iloc[len(stays) :]
    assert planted["person_id"].is_unique and not planted["person_id"].isin(stays["person_id"]).any()
    main = planted.filter(regex="^main_.[0-9]")
    assert (main.sum(axis=1) == 1).all() and (planted["main_diagnosis"].value_counts() == 3).all()
    for code in planted["main_diagnosis"].unique():
        assert not stays[f"coded_{code}"].any() and planted.loc[main[f"main_{code}"] == 1, f"coded_{code}"].all()


def test_a_model_that_ignores_its_data_leaks_nothing(stays: pd.DataFrame) -> None:
    some = stays[stays["person_id"] < 4000]
    person, label = some["person_id"].to_numpy(), some["readmitted_30d"].to_numpy()
    noise = np.random.default_rng(0)
    found = attack(
        lambda rows, label, rng: lambda asked: noise.random(len(asked)),
        features(some).to_numpy(),
        label,
        person,
        np.random.default_rng(1),
    )
    assert abs(found.auc() - 0.5) < 4 * standard_error(0.5, found.member.sum(), (~found.member).sum())
    assert set(found.person) == set(person)


def test_each_patient_is_in_half_of_the_shadow_models() -> None:
    member = draw_memberships(500, 16, np.random.default_rng(1))
    assert (member.sum(axis=1) == 8).all()
    assert member.mean(axis=0).min() > 0.4 and member.mean(axis=0).max() < 0.6


def test_confidence_is_the_log_odds_of_what_happened() -> None:
    found = confidence(np.array([0.9, 0.9, 0.0, 1.0]), np.array([1, 0, 1, 1]))
    assert found[:2] == pytest.approx([np.log(9), -np.log(9)])
    assert np.isfinite(found).all() and found[2] == pytest.approx(-found[3])


def test_the_likelihood_ratio_is_that_of_two_normal_distributions() -> None:
    rng = np.random.default_rng(1)
    member = draw_memberships(2000, 64, rng)
    shadow = np.where(member, 3.0, 1.0) + rng.normal(size=member.shape)
    phi = rng.normal(size=(2000, 1)) + 2
    right = distributions.norm.logpdf(phi, 3) - distributions.norm.logpdf(phi, 1)
    assert np.abs(likelihood_ratios(phi, shadow, member) - right).mean() < 0.5
    assert np.corrcoef(likelihood_ratios(phi, shadow, member)[:, 0], right[:, 0])[0, 1] > 0.95


@pytest.mark.parametrize("fpr", [0.0, 0.01, 0.1, 1.0])
def test_tpr_at_fpr_is_the_best_of_all_thresholds(fpr: float) -> None:
    rng = np.random.default_rng(3)
    for decimals in (0, 1, 6):  # many ties, some, none
        member = rng.random(400) < 0.5
        score = (rng.normal(size=400) + member).round(decimals)
        rates = [(np.mean(score[~member] >= t), np.mean(score[member] >= t)) for t in [*np.unique(score), np.inf]]
        assert tpr_at_fpr(member, score, fpr) == max(true for false, true in rates if false <= fpr)

"""A fixed, open battery of membership inference: was this patient in the training data?

The likelihood ratio attack (N. Carlini and others, "Membership Inference Attacks From First Principles", IEEE Symposium
on Security and Privacy, 2022), with one spread for all patients, as its authors advise for few shadow models.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.metrics import roc_auc_score

from hipkit.datasets import make_readmissions
from hipkit.datasets.readmission import icd10_codes, rare_codes
from hipkit.models.readmission import features

# Confidences are kept this far from 0 and 1, where their logarithm would be infinite.
CLIP = 1e-3
# The least spread of a confidence over models: models that always agree would make any difference a proof.
LEAST_SPREAD = 0.1
# Planted patients have numbers from here on; the course's have smaller ones.
FIRST_PLANTED = 10**9

Predict = Callable[[np.ndarray], np.ndarray]
Train = Callable[[np.ndarray, np.ndarray, np.random.Generator], Predict]


@dataclass(frozen=True)
class Leak:
    """What the battery found.

    Attributes:
        person: the patients that were looked for, shape (patients,).
        member: was the patient in the model's training data? Shape (patients, attacked models).
        score: how much the attack believes it, same shape.
        utility: area under the ROC curve of each attacked model, for patients it was not trained on. Shape (models,).
    """

    person: np.ndarray
    member: np.ndarray
    score: np.ndarray
    utility: np.ndarray

    def auc(self) -> float:
        """Area under the attack's ROC curve; 0.5 is chance."""
        return float(roc_auc_score(self.member.ravel(), self.score.ravel()))

    def tpr(self, fpr: float) -> float:
        """Share of members that are recognised when at most this share of non-members is taken for members."""
        return tpr_at_fpr(self.member.ravel(), self.score.ravel(), fpr)

    def planted(self) -> "Leak":
        """The same of the planted patients alone."""
        chosen = self.person >= FIRST_PLANTED
        return Leak(self.person[chosen], self.member[chosen], self.score[chosen], self.utility)


def attack(
    train: Train,
    rows: np.ndarray,
    label: np.ndarray,
    person: np.ndarray,
    rng: np.random.Generator,
    shadows: int = 16,
    targets: int = 4,
) -> Leak:
    """Train models on random halves of the patients, and recognise the patients of some of them.

    The attacker knows one stay of each patient, the first in `rows`, and how the model is trained; the shadow models
    are the attacker's own.

    Args:
        train: gets rows, labels and a random generator, and returns a function from rows to probabilities.
        rows: features, shape (stays, features).
        label: 0 or 1, shape (stays,).
        person: whose stay it is, shape (stays,).
        rng: draws who is in which model, and a generator for each training.
        shadows: how many shadow models; an even number.
        targets: how many models to attack.
    """
    people, known = np.unique(person, return_index=True)
    index = np.searchsorted(people, person)
    # The coins of the attacked models fall apart from the shadow models: what cannot be recognised, is not.
    coins = rng.random((len(people), targets)) < 0.5
    member = np.hstack([draw_memberships(len(people), shadows, rng), coins])
    phi, utility = np.empty(member.shape), np.empty(shadows + targets)
    for number, generator in enumerate(rng.spawn(shadows + targets)):
        inside = member[index, number]
        predict = train(rows[inside], label[inside], generator)
        # One question about everybody: a model cannot tell the attack from the exam.
        probability = np.asarray(predict(rows), dtype=float)
        phi[:, number] = confidence(probability[known], label[known])
        utility[number] = roc_auc_score(label[~inside], probability[~inside])
    score = likelihood_ratios(phi[:, shadows:], phi[:, :shadows], member[:, :shadows])
    return Leak(people, coins, score, utility[shadows:])


def try_release(train: Train, seed: int, patients: int = 6000) -> Leak:
    """The battery against a way to train, on newly made patients and planted ones with rare diseases.

    Args:
        train: as `attack` takes it; its rows are those of `hipkit.models.features`, in that order of columns.
        seed: of the patients, of who is in which model, and of each training.
        patients: how many to make; about one in six has been in hospital.
    """
    rng = np.random.default_rng(seed)
    stays = plant_rare_patients(make_readmissions(patients, seed), rng)
    label, person = stays["readmitted_30d"].to_numpy(), stays["person_id"].to_numpy()
    return attack(train, features(stays).to_numpy(), label, person, rng, targets=8)


def draw_memberships(patients: int, models: int, rng: np.random.Generator) -> np.ndarray:
    """Who is in whose training data: bool of shape (patients, models), each patient in half of the models."""
    order = rng.permuted(np.tile(np.arange(models), (patients, 1)), axis=1)
    return order < models // 2


def confidence(probability: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Log-odds that a model gives to what really happened.

    Args:
        probability: of readmission, shape (n,).
        label: 1 where the patient was readmitted, shape (n,).
    """
    right = np.clip(np.where(label == 1, probability, 1 - probability), CLIP, 1 - CLIP)
    return np.log(right / (1 - right))


def likelihood_ratios(phi: np.ndarray, shadow_phi: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Log likelihood ratio of "in" against "out" of each patient in each attacked model; above 0 speaks for "in".

    Args:
        phi: confidence of the attacked models on each patient, shape (patients, attacked models).
        shadow_phi: confidence of the shadow models, shape (patients, shadow models).
        member: was the patient in the shadow model's training data? Same shape as `shadow_phi`; each patient in one or
            more, and out of one or more.

    Returns:
        Shape (patients, attacked models).
    """
    likelihood = {}
    for inside in (True, False):
        seen = np.where(member == inside, shadow_phi, np.nan)
        spread = max(LEAST_SPREAD, float(np.sqrt(np.nanmean(np.nanvar(seen, axis=1)))))
        likelihood[inside] = stats.norm.logpdf(phi, np.nanmean(seen, axis=1)[:, None], spread)
    return likelihood[True] - likelihood[False]


def tpr_at_fpr(member: np.ndarray, score: np.ndarray, fpr: float) -> float:
    """The highest true positive rate of any threshold whose false positive rate is at most `fpr`.

    Patients with the same score are on the same side of every threshold.

    Args:
        member: bool, shape (n,).
        score: shape (n,); higher speaks for a member.
        fpr: from 0 to 1.
    """
    outside = np.sort(score[~member])[::-1]
    allowed = int(np.floor(fpr * len(outside) + 1e-9))
    return 1.0 if allowed >= len(outside) else float(np.mean(score[member] > outside[allowed]))


def plant_rare_patients(stays: pd.DataFrame, rng: np.random.Generator, each: int = 2) -> pd.DataFrame:
    """Add invented patients with diseases that nobody else in `stays` has, to measure what happens to such patients.

    Args:
        stays: as `hipkit.datasets.load_readmissions` gives them.
        rng: draws whose stay is copied, and who is readmitted.
        each: patients for each rare disease that is not written in `stays`.

    Returns:
        `stays` and after them one stay for each planted patient: a copy of another's with the rare disease as main
        diagnosis and an outcome by the toss of a coin.
    """
    unused = [code for code in rare_codes() if not stays[f"coded_{code}"].any()] * each
    planted = stays.iloc[rng.integers(len(stays), size=len(unused))].reset_index(drop=True)
    disease = np.array(unused)
    for code in icd10_codes():
        planted[f"main_{code}"] = (disease == code).astype(int)
    for code in set(unused):
        planted.loc[disease == code, f"coded_{code}"] = 1
    planted["main_diagnosis"] = disease
    planted["person_id"] = FIRST_PLANTED + np.arange(len(planted))
    planted["readmitted_30d"] = rng.integers(2, size=len(planted))
    return pd.concat([stays, planted], ignore_index=True)

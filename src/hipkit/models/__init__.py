"""The course's one model, which every lab on machine learning attacks, defends or shares: readmission within 30 days.

Needs scikit-learn; the private variant needs diffprivlib too.
"""

from hipkit.models.membership import (
    Leak,
    attack,
    confidence,
    draw_memberships,
    likelihood_ratios,
    plant_rare_patients,
    tpr_at_fpr,
    try_release,
)
from hipkit.models.readmission import (
    features,
    overfitted_model,
    private_model,
    readmission_model,
    train_readmission_model,
)

__all__ = [
    "Leak",
    "attack",
    "confidence",
    "draw_memberships",
    "features",
    "likelihood_ratios",
    "overfitted_model",
    "plant_rare_patients",
    "private_model",
    "readmission_model",
    "tpr_at_fpr",
    "train_readmission_model",
    "try_release",
]

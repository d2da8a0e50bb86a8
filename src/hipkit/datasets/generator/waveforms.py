"""Ten seconds of an ECG-like signal for some persons, for the labs on robustness.

A heartbeat is a sum of Gaussian bumps for the waves P, Q, R, S and T, as in the model of McSharry, Clifford, Tarassenko
and Smith (IEEE Transactions on Biomedical Engineering 50(3), 2003), drawn here directly in time. The label follows from
the person's conditions: in atrial fibrillation the beats are irregular, the P wave is missing and the base line
trembles; in ischaemia the stretch after the S wave sinks and the T wave turns; in heart failure the QRS complex is
wide. The signal is generated: it teaches about models, not about hearts.
"""

import numpy as np
import polars as pl

from hipkit.datasets.generator.block import Block
from hipkit.datasets.generator.clinical import enum, onset_days, people, reference

HERTZ = 100
SECONDS = 10
LABELS = ("sinus_rhythm", "atrial_fibrillation", "ischaemia", "wide_qrs")
CONDITIONS = (None, "atrial_fibrillation", "ischaemic_heart_disease", "heart_failure")
# Among the first 20 000 persons one in five has a signal: 4 000 in all. Those with a label other than sinus rhythm come
# first, and hold at most half of the places.
AMONG = 20_000
ONE_IN = 5
# A recorder's step, in millivolts.
STEP = 0.005
MOST_BEATS = 32

# Waves P, Q, R, S, T: place in seconds before (-) or after the R peak, width in seconds, height in millivolts.
PLACE = np.array([-0.165, -0.028, 0.0, 0.028, 0.27])
WIDTH = np.array([0.022, 0.009, 0.011, 0.010, 0.045])
HEIGHT = np.array([0.13, -0.11, 1.05, -0.23, 0.31])
P, Q, R, S, T = range(5)


def build(ctx: Block, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Make the table `waveforms` of one block: at most one signal a person, in millivolts."""
    ref = reference()
    who = people(made)
    rng = ctx.rng("waveforms")
    candidates = np.flatnonzero((who.person_id <= AMONG) & (who.end_day > 0))
    places = len(candidates) // ONE_IN
    onset = onset_days(who, made["conditions"])
    label = np.zeros(len(who.age), dtype=np.int64)
    for code, slug in enumerate(CONDITIONS):
        if slug is not None:
            # Heart failure shows more than ischaemia, and fibrillation more than both.
            ill = np.isfinite(onset[:, ref.condition(slug)])
            label[ill & (label != LABELS.index("atrial_fibrillation"))] = code
    order = rng.permutation(candidates)
    sick = order[label[order] > 0][: places // 2]
    well = order[label[order] == 0][: places - len(sick)]
    chosen = np.sort(np.concatenate([sick, well]))
    samples = _signals(rng, label[chosen], who.age[chosen])
    return {
        "waveforms": pl.DataFrame(
            {
                "person_id": who.person_id[chosen],
                "label": enum(label[chosen], LABELS),
                "sampling_hz": pl.Series(np.full(len(chosen), HERTZ, dtype=np.int16)),
                "samples": pl.Series(samples, dtype=pl.Array(pl.Float32, HERTZ * SECONDS)).cast(pl.List(pl.Float32)),
            }
        )
    }


def _signals(rng: np.random.Generator, label: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Signals (m, 1000) float32 in millivolts for labels and ages (m,)."""
    m = len(label)
    fibrillation, ischaemia, wide = (label == code for code in (1, 2, 3))
    rate = np.clip(rng.normal(72, 9, m) + np.maximum(18 - age, 0) * 2 + 14 * fibrillation, 45, 150)
    spread = np.where(fibrillation, 0.19, 0.035)
    gaps = (60 / rate)[:, None] * np.exp(spread[:, None] * rng.standard_normal((m, MOST_BEATS)))
    beats = np.cumsum(gaps, axis=1) - gaps[:, :1] * rng.random((m, 1))

    height = HEIGHT * np.exp(0.18 * rng.standard_normal((m, 5)))
    width = WIDTH * np.exp(0.10 * rng.standard_normal((m, 5)))
    place = np.tile(PLACE, (m, 1))
    # The interval from R to T shortens with the square root of the time between beats (Bazett).
    place[:, T] *= np.sqrt(60 / rate)
    height[fibrillation, P] = 0
    height[ischaemia, T] *= -rng.uniform(0.2, 0.8, ischaemia.sum())
    width[wide, Q:T] *= rng.uniform(1.6, 2.4, (wide.sum(), 1))
    place[wide, S] *= 2.0
    height[wide, R] *= 0.75

    time = np.arange(HERTZ * SECONDS) / HERTZ
    signal = np.zeros((m, len(time)), dtype=np.float32)
    sunken = np.where(ischaemia, -rng.uniform(0.08, 0.22, m), 0.0)
    for beat in range(MOST_BEATS):
        near = time[None, :] - beats[:, beat, None]
        rows = np.flatnonzero(beats[:, beat] < SECONDS + 0.5)
        for wave in range(5):
            bump = (near[rows] - place[rows, wave, None]) / width[rows, wave, None]
            signal[rows] += height[rows, wave, None] * np.exp(-0.5 * bump * bump)
        rows = rows[ischaemia[rows]]
        bump = (near[rows] - 0.13) / 0.05
        signal[rows] += sunken[rows, None] * np.exp(-0.5 * bump**4)
    # A trembling base line in fibrillation (4-8 Hz), breathing, and the recorder's noise.
    tremble = rng.uniform(4, 8, (m, 1)) * time + rng.random((m, 1))
    signal += (0.045 * fibrillation)[:, None] * np.sin(2 * np.pi * tremble)
    breath = rng.uniform(0.15, 0.35, (m, 1)) * time + rng.random((m, 1))
    signal += rng.uniform(0.02, 0.09, (m, 1)) * np.sin(2 * np.pi * breath)
    signal += rng.uniform(0.008, 0.03, (m, 1)) * rng.standard_normal(signal.shape)
    return (np.round(signal / STEP) * STEP).astype(np.float32)

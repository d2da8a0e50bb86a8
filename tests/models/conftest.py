"""The stays of the course's patients, made once: the same as those on disk, and without a built book."""

import pandas as pd
import pytest

from hipkit.datasets import COURSE_PATIENTS, COURSE_SEED, make_readmissions


@pytest.fixture(scope="session")
def stays() -> pd.DataFrame:
    return make_readmissions(COURSE_PATIENTS, COURSE_SEED)

"""What the tests of the intake share: notebooks, as a student hands them in."""

import json
from collections.abc import Callable

import pytest


@pytest.fixture(scope="session")
def notebook() -> Callable[[str], str]:
    """Makes a small notebook with one code cell."""

    def make(source: str = "answer = 1") -> str:
        cell = {
            "cell_type": "code",
            "id": "a",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})

    return make

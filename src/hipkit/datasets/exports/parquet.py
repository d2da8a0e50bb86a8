"""Parquet with a Croissant description: the form to load data from in machine learning.

Croissant's reference loader reads CSV with guessed types and loses leading zeros. Parquet files carry their types.
"""

import shutil
from pathlib import Path

from hipkit.datasets.exports.metadata import croissant
from hipkit.datasets.exports.source import Source


def write(source: Source, folder: Path) -> None:
    """Copy the population's Parquet files and write `croissant.json`."""
    for file in source.files.values():
        shutil.copyfile(file, folder / file.name)
    croissant(source, folder)

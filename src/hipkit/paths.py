"""Where things stand in a clone of the course. Constants only."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
NOTEBOOKS = ROOT / "notebooks"
ASSIGNMENTS = ROOT / "assignments"
DATASETS = ROOT / "datasets"
POPULATION = DATASETS / "population"
BUILD = ROOT / "_build"

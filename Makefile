# Makes .venv from the locked list of packages and hands over to the hipkit command, which does the work.
# On Windows, or with conda: see environment.yml; the same hipkit commands work there.

# The first of these that is a Python the course runs on. To choose another: make book PYTHON=/path/to/python3.11
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && { echo $$p; exit; }; done; echo python3.11)
BIN := .venv/bin
NEEDED_MB := 3000

.DEFAULT_GOAL := help
.PHONY: help book test serve lab class judges lock clean

help:
	@echo "make book    build the book: installs what it needs, makes the data, runs every notebook"
	@echo "make test    build, then run every check and every test"
	@echo "make serve   show the built book in the browser"
	@echo "make lab     open the labs in JupyterLab"
	@echo "make class   take a demonstration class of 12 from release to grades"
	@echo "make judges  have the independent judges look at everything: a million identity numbers, every FHIR bundle"
	@echo "make clean   remove the environment, the built book and the made data (never submissions or grades)"
	@echo "make lock    for maintainers: write requirements/lock.txt again from requirements/core.in"
	@echo
	@echo "Start with: make book"

book: .venv/installed
	@$(BIN)/hipkit book

test: .venv/installed
	@echo "Graders: the reference solutions, the released copies and every wrong answer, where something has changed"
	@$(BIN)/hipkit grade selftest
	@$(BIN)/hipkit book
	@echo "Style: ruff reads the code"
	@$(BIN)/ruff check
	@echo "Course: hipkit check reads the lessons, labs and assignments"
	@$(BIN)/hipkit check
	@echo "Tests: pytest on every core"
	@$(BIN)/python -m pytest -n auto --dist loadfile

serve: book
	@$(BIN)/hipkit serve

lab: .venv/installed
	@$(BIN)/hipkit lab

class: .venv/installed
	@$(BIN)/hipkit grade demo

judges: book
	@echo "Judges: navikt's validator and python-stdnum on the numbers of a million persons"
	@$(BIN)/python benchmarks/identity_gate.py --n 1000000
	@echo "Judges: HL7's schema on the bundle of every patient"
	@HIPKIT_FHIR_POPULATION=course $(BIN)/python -m pytest -q tests/datasets/test_exports_fhir.py -k every_bundle

lock: .venv/installed
	@echo "Lock: choosing one release of every package for Python 3.11 and newer, on every system"
	@$(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes \
		--custom-compile-command "make lock" requirements/core.in --output-file requirements/lock.txt

clean:
	@echo "Clean: removing the environment, the built book and the made data"
	@rm -rf .venv _build datasets/population datasets/exports .pytest_cache .ruff_cache

.venv/installed: .venv/packages pyproject.toml
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/packages: requirements/lock.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || { \
		echo "The course needs Python 3.11, 3.12 or 3.13, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || echo not there)." >&2; \
		echo "Install Python 3.11 (Debian and Ubuntu: apt install python3.11-venv; macOS: brew install python@3.11) and run the same command again." >&2; \
		exit 1; }
	@free=$$(df -Pm . | awk 'NR == 2 { print $$4 }'); test "$$free" -ge $(NEEDED_MB) || { \
		echo "The course needs $(NEEDED_MB) MB of free disk and there are $$free MB here. Free some space and run the same command again." >&2; \
		exit 1; }
	@echo "Environment: making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; \
		echo "Python could not make a virtual environment; the lines above say why. On Debian and Ubuntu: apt install python3.11-venv" >&2; \
		exit 1; }
	@echo "Environment: installing the locked packages (about one minute, 1.6 GB)"
	@awk '/^uv==/ { wanted = 1 } wanted { print } wanted && !/\\$$/ { exit }' requirements/lock.txt > .venv/uv.txt
	@{ $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r .venv/uv.txt \
		&& $(BIN)/uv pip sync $$(test -t 2 || echo --quiet) --python $(BIN)/python --require-hashes --compile-bytecode \
			requirements/lock.txt; } || { \
		echo "The packages could not be installed; the lines above say why. Most often there is no network: check it and run the same command again." >&2; \
		exit 1; }
	@touch $@

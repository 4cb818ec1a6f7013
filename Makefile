# Two commands matter: `make demo` and `make test`. Both set up what they need on first use.
# Needed beforehand: Python 3.11 or newer, and make. Choose another Python with PYTHON=...

PYTHON ?= $(shell for p in python3.11 python3 python3.13 python3.12 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN = $(VENV)/bin
DEMO ?= beijing-2024
# Tests share two processes; on a machine with more cores, `make test WORKERS=8`.
WORKERS ?= 2
# Fuzz tests try this many times what they try in `make test`.
FUZZ ?= 10
PIP_INSTALL = $(BIN)/python -m pip install -qq --disable-pip-version-check --no-compile
# Byte code is written when a module is first imported, which is cheaper than compiling all.

.DEFAULT_GOAL := help
.PHONY: help demo setup test check format types layers docs wheel dist examples pytest quick fuzz lock clean
.NOTPARALLEL:

help: ## What can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.runs ## Set up and run the demonstration case: report and tables in out/
	$(BIN)/detente run $(DEMO)

test: check docs wheel examples pytest ## Set up and check everything; pytest's summary comes last

setup: $(VENV)/.develops ## Set up for development only

# ---- environment ----------------------------------------------------------------------

$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "detente needs Python 3.11 or newer. Name one: make PYTHON=/path/to/python3.11 demo" >&2; exit 2; }
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.runs: $(VENV)/.python requirements.lock pyproject.toml
	$(PIP_INSTALL) --require-hashes -r requirements.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.develops: $(VENV)/.python requirements-dev.lock pyproject.toml
	$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.runs $@

lock: $(VENV)/.develops ## Renew both locks from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-header --no-annotate --quiet --output-file requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
		--constraint requirements-dev.lock \
		--generate-hashes --no-header --no-annotate --quiet --output-file requirements.lock

# ---- checks ---------------------------------------------------------------------------

check: format types layers ## Format, lint, types, laws of the house: the quick checks

format: $(VENV)/.develops ## Lint, and refuse what `ruff format` would change
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.develops ## Type check
	$(BIN)/mypy

layers: $(VENV)/.develops ## Imports go one way, no cycles, no hidden imports: the laws of the house
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/repo/test_layers.py tests/repo/test_house.py

docs: $(VENV)/.develops ## Build the documentation; a warning is an error
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html

WHEEL_VENV = build/wheel-venv
wheel: $(VENV)/.develops ## Build the wheel, install it into an empty environment, start it
	rm -rf build/wheel $(WHEEL_VENV)
	$(BIN)/python -m pip wheel -qq --disable-pip-version-check --no-deps --no-build-isolation \
		--wheel-dir build/wheel .
	$(BIN)/python -m venv $(WHEEL_VENV)
	$(WHEEL_VENV)/bin/python -m pip install -qq --disable-pip-version-check --no-compile \
		--require-hashes -r requirements.lock
	$(WHEEL_VENV)/bin/python -m pip install -qq --disable-pip-version-check --no-compile \
		--no-deps build/wheel/*.whl
	cd build && wheel-venv/bin/detente --version && wheel-venv/bin/detente list cases
	cd build && wheel-venv/bin/detente validate $(DEMO)
	rm -rf $(WHEEL_VENV)

dist: $(VENV)/.develops ## Build source archive and wheel for a release
	rm -rf dist
	$(BIN)/python -m hatchling build -d dist

examples: $(VENV)/.develops ## Run every example; a warning is an error
	@set -e; for script in examples/*.py; do \
		echo "$$script"; $(BIN)/python -W error $$script > /dev/null; done

pytest: $(VENV)/.develops ## All tests and doctests, slow ones included
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

quick: $(VENV)/.develops ## Tests without the slow ones
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow"

fuzz: $(VENV)/.develops ## Damaged and absurd input, ten times as much as in `make test`
	DETENTE_FUZZ=$(FUZZ) $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m fuzz

clean: ## Remove everything that was made
	rm -rf $(VENV) build dist out docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis

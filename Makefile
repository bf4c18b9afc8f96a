# Each target makes what it needs: on a fresh machine `make dataset` or `make test` is the only line to type.
# Python 3.11 or later and make must be there; everything else goes into .venv.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: help dataset test test-all lint types contract docs example check constraints clean

help:           ## Say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

dataset: $(READY)  ## Build dist/sco-news-X.Y.Z from the five seeds, or check that it is what they give
	$(BIN)/corpuskit build

test: $(READY)  ## Run the tests but the slow ones
	$(BIN)/python -m pytest -m "not slow" -n auto

test-all: $(READY)  ## Run all tests
	$(BIN)/python -m pytest -n auto

lint: $(READY)  ## Check style and form
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)  ## Check types, strictly
	$(BIN)/mypy

contract: $(READY)  ## Check that the rooms import in one direction
	$(BIN)/lint-imports

docs: $(READY)  ## Check that the documentation is what the code says
	$(BIN)/python -m pytest -q tests/docs

example: $(READY)  ## Run the project in examples/downstream, which uses a pinned release, and its tests
	cd examples/downstream && ../../$(BIN)/python furniture.py && ../../$(BIN)/python -m pytest -q

check: lint types contract test docs example  ## Everything that must hold before a commit

constraints:    ## Pin every dependency again, with hashes (needs uv)
	uv pip compile pyproject.toml --extra dev --generate-hashes --universal --python-version 3.11 \
		--no-annotate --no-header --upgrade --output-file constraints.txt

clean:          ## Remove what make made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Every package is pinned with its hashes; the project itself goes in as it stands, without isolation, so that its
# build tool is a pinned one too.
$(READY): constraints.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

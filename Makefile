# Every target makes the virtual environment it needs, once, and again only when pyproject.toml changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY := $(VENV)/.ready
HISTORIES ?= 1000
SEED ?= 1

.PHONY: help deck test test-long bench-identity lint check format clean

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

deck: $(READY) ## Build the decks below decks/ into dist/
	$(BIN)/ankigen build decks --output dist

test: $(READY) ## Run the tests
	$(BIN)/pytest

test-long: $(READY) ## Run many histories of edits: make test-long HISTORIES=1000 SEED=1
	ANKIGEN_HISTORIES=$(HISTORIES) $(BIN)/pytest tests/test_histories.py --hypothesis-seed=$(SEED)

bench-identity: $(READY) ## Print how many cards lose their history, and what the lock file costs
	$(BIN)/python -m benchmarks.identity
	$(BIN)/python -m benchmarks.lock

lint: $(READY) ## Read the code: ruff, mypy
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

check: lint test ## Run all that has to pass before a commit

format: $(READY) ## Lay out the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## Remove what was made
	rm -rf $(VENV) dist build *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(READY): pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

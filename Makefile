# Every target makes the virtual environment it needs, once, and again only when pyproject.toml changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY := $(VENV)/.ready

.PHONY: help deck test lint check format clean

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

deck: $(READY) ## Build the decks below decks/ into dist/
	$(BIN)/ankigen build decks --output dist

test: $(READY) ## Run the tests
	$(BIN)/pytest

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

# Every target makes the virtual environment it needs, once, and again only when pyproject.toml changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
INSTALLED := $(VENV)/.installed
READY := $(VENV)/.ready
# No apostrophe and no dollar in it; it has to run on Python 2, too.
NEW_ENOUGH = @$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and "Python 3.11 or newer is needed, and \
    $(PYTHON) is %d.%d: install one, and name it, as in make $(or $(MAKECMDGOALS),deck) PYTHON=python3.13" % (v[0], v[1]))'
HISTORIES ?= 1000
SEED ?= 1
LONGER ?= 40
HOSTILE ?= 20000
EXAMPLES ?= 500
FOLDERS ?= 500
PULLED ?= 10000

.PHONY: help deck sync test test-browser test-anki test-bytes test-lowest test-thorough test-wheel test-long fuzz conformance pictures \
    bench bench-adopt bench-watch bench-identity bench-render bench-sync mutants manual architecture docs lint check format clean

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

deck: $(INSTALLED) ## Build the decks in decks/ into dist/
	$(BIN)/ankigen build decks --output dist

sync: $(INSTALLED) ## Sync decks/ with a running Anki
	$(BIN)/ankigen sync decks

test: $(READY) ## Run the tests
	$(BIN)/pytest

test-thorough: $(READY) ## Run the slow tests
	$(BIN)/pytest -m thorough

test-browser: $(VENV)/.browser tests/browser/node_modules build/aqt ## Test cards, including hostile ones, and the page of `watch` in headless Chromium (needs chromium and npm)
	$(BIN)/pytest tests/browser -n 0

test-anki: ## Run the Anki tests with another release of its library: make test-anki ANKI=26.8.1
	$(NEW_ENOUGH)
	$(PYTHON) -m venv --clear build/anki-$(ANKI)
	build/anki-$(ANKI)/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	build/anki-$(ANKI)/bin/python -m pip install --quiet --editable . --group dev anki==$(ANKI)
	build/anki-$(ANKI)/bin/pytest tests/targets tests/syncing tests/outputs/test_package.py \
	    tests/cli/test_adopt.py tests/cli/test_adopt_cut_off.py tests/cli/test_adopt_laws.py \
	    tests/note_types/test_occlusion.py

test-lowest: ## Run the tests with the lowest package versions that pyproject.toml allows
	$(NEW_ENOUGH)
	$(PYTHON) -m venv --clear build/lowest
	$(PYTHON) -m tests.lowest > build/lowest/constraints.txt
	build/lowest/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	build/lowest/bin/python -m pip install --quiet --editable . --group dev --constraint build/lowest/constraints.txt
	build/lowest/bin/pytest

fuzz: $(READY) ## Build, import and stamp random folders of notes: make fuzz FOLDERS=5000 SEED=1
	$(BIN)/python -m benchmarks.fuzz $(FOLDERS) $(SEED)

test-wheel: ## Build the Python package, and decks with it in an empty environment
	$(NEW_ENOUGH)
	rm -rf build/package
	$(PYTHON) -m venv --clear build/tools
	build/tools/bin/python -m pip install --quiet build
	build/tools/bin/python -m build --outdir build/package > /dev/null
	for package in build/package/*; do \
	    $(PYTHON) -m venv --clear build/empty && \
	    build/empty/bin/python -m pip install --quiet $$package && \
	    build/empty/bin/ankigen build decks --locked --output build/decks || exit 1; \
	done

test-bytes: deck ## Build the decks with another Python and compare the bytes: make test-bytes OTHER=python3.13
	$(OTHER) -m venv --clear build/other
	build/other/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	build/other/bin/python -m pip install --quiet .
	build/other/bin/ankigen build decks --output build/other/dist --locked
	for deck in dist/*.apkg; do cmp "$$deck" "build/other/$$deck" || exit 1; done

test-long: $(READY) ## Run long tests (random histories, hostile notes, huge texts): HISTORIES=1000 SEED=1 HOSTILE=20000 LONGER=40 EXAMPLES=500 PULLED=10000
	ANKIGEN_HISTORIES=$(HISTORIES) ANKIGEN_SEED=$(SEED) $(BIN)/pytest tests/identity/test_histories.py -m ""
	ANKIGEN_PULLED=$(PULLED) $(BIN)/pytest tests/pulling/test_pull_laws.py -m thorough
	ANKIGEN_HOSTILE_NOTES=$(HOSTILE) $(BIN)/pytest tests/render/test_harmless.py --hypothesis-seed $(SEED)
	ANKIGEN_LONGER=$(LONGER) $(BIN)/pytest tests/syntax/test_spans.py tests/syntax/test_outline_laws.py -k huge -m "" --durations 5
	ANKIGEN_LONGER=$(LONGER) $(BIN)/pytest tests/test_bounds.py -m "" --durations 5
	ANKIGEN_EXAMPLES=$(EXAMPLES) $(BIN)/pytest -m "" --hypothesis-seed $(SEED)

conformance: $(READY) tests/conformance/node_modules ## Record again how Logseq's own parser reads the test notes (needs node and npm)
	$(BIN)/python -m tests.conformance.generate | node tests/conformance/record.mjs

pictures: $(VENV)/.browser tests/browser/node_modules ## Draw the README's pictures (needs chromium and npm)
	$(BIN)/python -m tests.browser.pictures docs/pictures
	$(BIN)/python -m tests.browser.terminal docs/pictures
	$(BIN)/python -m tests.browser.page_pictures docs/pictures

bench: $(READY) ## Time builds, compared to other tools and to genanki alone, from 1,000 to 100,000 cards
	$(BIN)/python -m benchmarks.build

bench-render: $(READY) ## Time the rendering of one card, with and without highlighted code
	$(BIN)/python -m benchmarks.render

bench-sync: $(READY) ## Time syncs and count their requests, on the test server or on ANKIGEN_TEST_ANKI
	$(BIN)/python -m benchmarks.sync 300 3000 10000

bench-watch: $(VENV)/.browser ## Time the page of `watch` with 10,000 notes in headless Chromium (needs chromium)
	$(BIN)/python -m benchmarks.watch

bench-adopt: $(READY) ## Print how many notes of another tool are found by their text alone
	$(BIN)/python -m benchmarks.adopt

bench-identity: $(READY) ## Print how many cards lose their history, and what the lock file costs
	$(BIN)/python -m benchmarks.identity
	$(BIN)/python -m benchmarks.lock

# Not --quiet: --strict counts those warnings alone that are printed.
docs: $(VENV)/.docs ## Build the documentation as a site into build/site; a broken link is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

manual: $(READY) ## Update docs/commands.md and the man page from the help texts
	$(BIN)/pytest -q -n 0 tests/test_manual.py --golden

architecture: $(READY) ## Update the picture in docs/architecture.md from the code
	$(BIN)/pytest -q -n 0 tests/test_architecture.py --golden

mutants: $(VENV)/.mutants ## Print code changes that no test notices: make mutants ONLY=identity SAMPLE=200
	ONLY="$(ONLY)" SAMPLE="$(SAMPLE)" $(BIN)/python -m benchmarks.mutants

lint: $(VENV)/.browser ## Run ruff and mypy
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

check: lint test ## Run everything that must pass before a commit

format: $(READY) ## Format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## Remove generated files
	rm -rf $(VENV) dist build *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache

# Anki's own script that draws masks: the browser tests read it in the wheel, which is never installed.
build/aqt: $(READY)
	$(BIN)/python -m pip download --quiet --no-deps --dest $@ "aqt==$$($(BIN)/python -c 'import anki.buildinfo; print(anki.buildinfo.version)')"
	@touch $@

%/node_modules: %/package.json
	npm install --silent --no-package-lock --no-audit --no-fund --prefix $(@D)
	@touch $@

$(VENV)/.browser: $(READY)
	$(BIN)/python -m pip install --quiet --group browser
	@touch $@

$(VENV)/.docs: $(READY)
	$(BIN)/python -m pip install --quiet --group docs
	@touch $@

$(VENV)/.mutants: $(READY)
	$(BIN)/python -m pip install --quiet --group mutants
	@touch $@

# What runs ankigen, and no more.
$(INSTALLED): pyproject.toml
	$(NEW_ENOUGH)
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# The tools that test, read and measure it.
$(READY): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

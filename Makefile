# The targets of the project. `make demo` and `make test` need Python 3.11 or newer and nothing else prepared.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed
SCANNERS := $(VENV)/.scanners-installed
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet \
	--custom-compile-command "make lock"
# A third of a test is waiting: three of them keep two cores at work.
PYTEST := $(BIN)/python -m pytest -n 3 --dist worksteal

.PHONY: help demo test test-sqlite quick force attack lint bench fuzz scan catalogues lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 16

demo: $(RUNTIME)  ## start Rapport on SQLite with the sandbox and the simulator
	@exec $(BIN)/rapport demo

test: lint  ## check everything: lint, then the whole suite on SQLite and on PostgreSQL
	$(PYTEST)

test-sqlite: lint  ## the same without PostgreSQL
	$(PYTEST) --sqlite-only

quick: lint  ## what a change breaks first, within 90 seconds: lint, contracts, rules, use cases and conversations on SQLite
	$(PYTEST) --sqlite-only tests/contracts tests/domain tests/services tests/handlers

force: $(DEVELOPMENT)  ## twenty kills, 100,000 rows, two hundred bookers fifty times, a flood for a minute, twenty ways of every story, two thousand broken values, ten thousand outcomes, three hundred shuffles of what Stripe tells, every journey on two web and two worker
	KILLS=20 FLOOD_SECONDS=10 FORCE_EXAMPLES=20 ROWS=100000 ROUNDS=50 EVERY_PAIRING=1 BROKEN_VALUES=2000 CREDIT_LIVES=200 CREDIT_TAPS=200 OUTCOMES=10000 SHUFFLES=300 \
		$(PYTEST) tests/force tests/attack tests/browser tests/unreadable tests/services/credits tests/services/books tests/services/bookings/test_on_credit.py tests/handlers/payments/test_outcomes.py
	$(PYTEST) tests/journeys --cluster
	HALF_OPEN=2000 HELD_BODIES=400 SLOW_SECONDS=15 $(BIN)/python -m pytest -n 0 tests/attack/test_slow.py

attack: $(DEVELOPMENT)  ## play every attack that we know of on real processes; print what became of each and what it cost others
	FLOOD_SECONDS=5 HALF_OPEN=2000 HELD_BODIES=400 SLOW_SECONDS=5 $(BIN)/python -m pytest -n 0 -m attack

lint: $(DEVELOPMENT)  ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(DEVELOPMENT)  ## measure every goal of speed beside its anchor, write docs/performance.md
	$(BIN)/python -m bench

fuzz: $(DEVELOPMENT)  ## 200,000 broken payloads at every endpoint; FUZZ="--seed 1 --count 5000 --jobs 2"
	$(BIN)/python -m tests.fuzz $(FUZZ)

scan: $(DEVELOPMENT) $(SCANNERS)  ## secrets in the repository, known weaknesses of the packages
	$(BIN)/python .ci/scan.py

catalogues: $(DEVELOPMENT)  ## collect the words of the product, update and compile the translations
	$(BIN)/pybabel -q extract --no-wrap --sort-by-file --add-location file --omit-header -o bot/locale/rapport.pot bot
	$(BIN)/pybabel -q update --no-wrap --no-fuzzy-matching --ignore-pot-creation-date --ignore-obsolete -D rapport -i bot/locale/rapport.pot -d bot/locale
	$(BIN)/pybabel -q compile --statistics -D rapport -d bot/locale

lock: $(DEVELOPMENT)  ## resolve the dependencies anew and pin them with hashes
	$(LOCK) --upgrade --group build --output-file requirements.lock
	$(LOCK) --upgrade --group build --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK:pyproject.toml=--group pyproject.toml:scan) --upgrade --output-file requirements-scan.lock

clean:  ## remove the environment and everything that can be made again
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find bot storage tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Rapport needs Python 3.11 or newer; '$(PYTHON)' is not: name one with 'make PYTHON=python3.12 …'." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  rm -rf $(VENV); echo "'$(PYTHON) -m venv' failed: on Debian and Ubuntu, install python3-venv." >&2; exit 1; }

$(RUNTIME): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages into $(VENV) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	@echo "Installing the tools of development into $(VENV) …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(SCANNERS): requirements-scan.lock | $(BIN)/python
	@echo "Installing the scanners into $(VENV)/scanners …"
	@$(BIN)/python -m venv $(VENV)/scanners
	@$(VENV)/scanners/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements-scan.lock
	@touch $@

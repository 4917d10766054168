# newsbot: `make demo` and `make test` set up what they need in .venv first.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help demo test run check format clean bench-day audit fuzz bench-kill bench-power

help:  ## List the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "newsbot needs Python 3.11 or newer: install it, or name yours: make PYTHON=python3.12 …" >&2; exit 2; }
	@echo "Setting up $(VENV) (once; takes a minute or so)…"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $(STAMP)

demo: $(STAMP)  ## Run the main job end to end: no token, no internet
	@$(BIN)/newsbot demo

test: $(STAMP)  ## Run the tests
	@$(BIN)/python -m pytest -n auto

run: $(STAMP)  ## Start the bot on feeds.yaml and rules/
	@$(BIN)/newsbot run

check: $(STAMP)  ## Lint, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(STAMP)  ## Format, and mend what the linter can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench-day: $(STAMP)  ## Live through 24 simulated hours of 200 feeds; account for every alert
	@$(BIN)/python -m bench.day

bench-kill: $(STAMP)  ## Kill newsbot 200 times while it posts; account for every alert
	@$(BIN)/python -m bench.kill

bench-power: $(STAMP)  ## Let the power fail 100 times; account for every alert
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@$(BIN)/python -m bench.kill.power

audit: $(STAMP)  ## List the licences of all that is installed, and its known weaknesses
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[audit]'
	@$(BIN)/python -m bench.audit

fuzz: $(STAMP)  ## Look for inputs that break the parser, addresses, queries, cards and commands
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fuzz]'
	@for target in parser url query cards commands; do $(BIN)/python -m bench.fuzz $$target --seconds 60 || exit; done

clean:  ## Remove the environment and caches
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage* htmlcov *.egg-info

# Every target may be repeated at will. Nothing but Python 3.11+, make and git is needed.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test setup check fix bench chaos openapi lock clean

help:  ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

run: $(VENV)/.runtime  ## set up and start the platform with a demo tenant
	@exec $(BIN)/leadsail up --demo $(ARGS)

test: $(VENV)/.browser  ## set up and run all tests
	@$(BIN)/pytest -n 2 $(ARGS)

setup: $(VENV)/.runtime  ## set up only: virtual environment, locked packages, leadsail itself
	@echo "ready: $(BIN)/leadsail --help"

check: $(VENV)/.dev  ## lint, types, import contracts, migrations, generated files
	@scripts/check.sh

fix: $(VENV)/.dev  ## format the code and mend what the linter can
	@$(BIN)/ruff check --fix --quiet; $(BIN)/ruff format --quiet

bench: $(VENV)/.dev  ## measure and rewrite docs/benchmarks.md
	@$(BIN)/python -m bench $(ARGS)

chaos: $(VENV)/.dev  ## the long checks: lawful hours, opt-outs against dials, frequency caps, planted faults
	@$(BIN)/python -m chaos $(ARGS)

openapi: $(VENV)/.dev  ## rewrite openapi.json and the client's models from the code
	@scripts/generate.sh

lock: $(VENV)/.dev  ## rewrite the hashed lock files from pyproject.toml
	@scripts/lock.sh

clean:  ## remove the virtual environment and caches (no data)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml scripts/setup.sh
	@PYTHON=$(PYTHON) scripts/setup.sh runtime

$(VENV)/.dev: requirements/dev.txt pyproject.toml scripts/setup.sh
	@PYTHON=$(PYTHON) scripts/setup.sh dev

$(VENV)/.browser: $(VENV)/.dev scripts/browser.sh
	@scripts/browser.sh && touch $@

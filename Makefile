# The commands of the project. `make demo` needs Python 3.11 or later and nothing else.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes
# Lock files hold for the oldest Python that we support and all later ones.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links

# Tests start hundreds of processes: what is compiled once starts in three quarters of the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup test demo lint lock bench mutants clean frontend

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/'

setup: $(VENV)/dev.stamp ## Install everything that development and tests need
	@$(BIN)/python -m scripts.frontend --development
	@$(BIN)/python -m scripts.translations compile

test: setup ## Run every test
	CARELINE_ENV=test $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

demo: $(VENV)/run.stamp frontend ## Start the product with data to try it on
	@exec $(BIN)/python -m scripts.demo

lint: setup ## Check style, layers, types and translations
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.type_check
	$(BIN)/python -m scripts.translations check

lock: $(VENV)/dev.stamp ## Resolve the newest allowed versions into the lock files
	$(LOCK) --upgrade --output-file requirements.txt requirements.in
	$(LOCK) --output-file requirements-dev.txt --constraint requirements.txt requirements-dev.in

bench: setup ## Measure pages and writes beside the peers, exams, a month of 1,000 people, twenty plugins
	$(BIN)/python -m tests.bench --complaints $(or $(COMPLAINTS),10000)
	$(BIN)/python -m scripts.benchmark_training
	$(BIN)/python -m scripts.benchmark_appraisals
	$(BIN)/python -m scripts.benchmark_plugins

mutants: setup ## Count the changes of pure modules that their tests notice
	CARELINE_ENV=test $(BIN)/python -m scripts.mutants

clean: ## Remove everything that setup made; data under var/ stays
	rm -rf $(VENV) node_modules mutants .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find app plugins scripts tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Front-end parts and compiled translations. Both scripts see for themselves what is up to date.
frontend: $(VENV)/run.stamp
	@$(BIN)/python -m scripts.frontend
	@$(BIN)/python -m scripts.translations compile

$(VENV)/bin/python:
	python="$$(scripts/python.sh)"; "$$python" -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	$(PIP) --requirement requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(PIP) --requirement requirements-dev.txt
	@touch $@

# `make demo` and `make test` need only python3 (3.11 or newer) with pip: they set up .venv first.

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
RUN := $(BIN)/python -m
TESTS := pytest -p xdist -n auto --maxprocesses 4 --dist loadfile
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --python-version 3.11 $(ARGS)

.DEFAULT_GOAL := help
DATA := $(or $(ENTREPOT_SHARED),../shared)/data

.PHONY: help setup demo test test-slow test-web bench-web test-ftm test-spark bench-scale check format docs bench lock clean

help:  ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## Build .venv from the locked requirements (does nothing where it is up to date)
	@PYTHON="$(PYTHON)" sh scripts/setup.sh

demo: setup  ## Find planted diversion in a small simulated world and write its dossier
	@$(BIN)/entrepot demo

test: setup  ## Run all tests but slow ones; public data are used where ../shared or ENTREPOT_SHARED holds them
	@$(RUN) $(TESTS) -m "not slow and not browser" $(ARGS)

test-slow: setup  ## Run the slow tests: error rates, coverage, real trade, killed runs
	@$(RUN) $(TESTS) -m "slow and not browser" $(ARGS)

test-web: setup  ## Open every page of the desk in Chromium (apt-get install chromium)
	@$(RUN) pytest -q -m browser tests/browser $(ARGS)

test-ftm:  ## Test logic-v2 in .venv-ftm (needs g++, pkg-config, libicu-dev; says so where absent)
	@PYTHON="$(PYTHON)" sh scripts/test-ftm.sh $(ARGS)

test-spark:  ## Run the tests of trade and panel on a Spark Connect server (needs Java 17)
	@PYTHON="$(PYTHON)" sh scripts/test-spark.sh $(ARGS)

check: setup  ## Format, lint, types, import directions, house tests, fast tests
	$(RUN) ruff format --check
	$(RUN) ruff check
	$(RUN) mypy
	$(BIN)/lint-imports
	$(RUN) pytest -q -m "not slow and not shared and not reference and not browser"

format: setup  ## Format the code and mend what the linter can
	$(RUN) ruff format
	$(RUN) ruff check --fix

docs: setup  ## Write docs/reference/ anew from the code
	$(BIN)/python scripts/write_reference.py

bench: setup  ## Score the estimator on simulated worlds
	$(BIN)/entrepot bench $(ARGS)

bench-web: setup  ## Time the desk on real trade where ../shared or ENTREPOT_SHARED holds it, else on the demo
	@if [ -d "$(DATA)/comext-sanctioned" ]; then \
		$(BIN)/entrepot bench web --from "$(DATA)/comext-sanctioned" \
			--from "$(DATA)/control-lists/eu_export_sanction_cn8_2022-12.csv" $(ARGS); \
	else $(BIN)/entrepot bench web --demo $(ARGS); fi

bench-scale: setup  ## Measure every stage from 1 to 100 million live cells, and write docs/explanation/scale.md
	$(BIN)/entrepot bench scale --cells 1,3,5,10,30,100 --limit 1200 --page docs/explanation/scale.md \
		-o docs/explanation/scale.csv $(ARGS)

lock: setup  ## Resolve the requirements anew (ARGS=--upgrade for newer releases)
	$(LOCK) pyproject.toml -o requirements/run.txt
	$(LOCK) pyproject.toml --extra dev -o requirements/dev.txt
	$(LOCK) pyproject.toml --extra dev --extra ftm -o requirements/ftm.txt
	$(LOCK) pyproject.toml --extra dev --extra spark-local -o requirements/spark.txt
	echo 'uv>=0.13.9' | $(LOCK) - -o requirements/uv.txt

clean:  ## Remove .venv and every cache
	rm -rf .venv .venv-ftm .venv-spark .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

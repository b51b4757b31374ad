# Needs Python 3.11 or newer, git and make; with Node there are fonts and accessibility tests, with Chromium browser tests.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
CATALOGUES := $(wildcard lti_tool/translations/*/LC_MESSAGES/messages.po)
WORKERS ?= 2

.PHONY: help setup demo test check format lint types layers dependencies bench problems commands schemas screenshots lock clean

help:  ## Show what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 16

setup: .venv/.installed course_builder/player/vendor/.copied .venv/.translated  ## Install everything into .venv; does nothing the second time

demo: setup  ## Build the course, start the tool and the practice LMS, print one address
	@$(BIN)/lti-tool demo

test: setup .venv/.installed-tests tests/node_modules/.installed browsers  ## Run all tests
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadgroup $(TESTS)

check: lint types layers dependencies test  ## Format, lint, types, layers, dependencies, tests

format: .venv/.installed-tests  ## Bring the code into its format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix --quiet .

lint: .venv/.installed-tests
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .

types: .venv/.installed-tests
	@$(BIN)/mypy

layers: .venv/.installed-tests
	@$(BIN)/lint-imports --no-cache | tail -n 4

dependencies: .venv/.installed-tests
	@$(BIN)/deptry . 2>&1 | tail -n 3

bench: setup .venv/.installed-tests  ## Measure, as ratios in one run; BENCH="pages --pages 300" for a part
	@$(BIN)/python -m tests.bench $(BENCH)

problems: setup  ## Write docs/problems.md from the catalogue of problems
	@$(BIN)/python -m course_builder.problems > docs/problems.md

commands: setup  ## Write docs/commands.md from the help of the commands
	@$(BIN)/python -c "from course_builder.cli import main; from course_builder.commands.page import commands_page; print(commands_page(main), end='')" > docs/commands.md

schemas: setup  ## Write the JSON Schemas for editors from the models
	@mkdir -p course_builder/schemas && for kind in course module page; do \
	  $(BIN)/course-builder schema $$kind > course_builder/schemas/$$kind.schema.json; done

screenshots: setup .venv/.installed-tests browsers  ## Take the pictures in docs/screenshots anew
	@$(BIN)/python -m tests.journeys.screenshots

lock: .venv/.installed-tests  ## Choose versions anew, with hashes and without the address of an index
	$(BIN)/uv pip compile -q pyproject.toml $(LOCK_OPTIONS) -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --group test --group check --group lock $(LOCK_OPTIONS) -c requirements.lock -o requirements-dev.lock

LOCK_OPTIONS := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

clean:  ## Remove what setup, builds and tests made; the demo's data too
	rm -rf .venv build dist var course_builder/player/vendor course_builder/player/node_modules tests/node_modules \
	  .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# What the targets above stand on ---------------------------------------------------------------------------------------

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed, and $(PYTHON) is older. Name another: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv .venv \
	  || { echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }

.venv/.installed: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing into .venv (once, about half a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/.installed-tests: requirements-dev.lock .venv/.installed
	@echo "Installing what tests and checks need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.translated: $(CATALOGUES) .venv/.installed
	@[ -z "$(CATALOGUES)" ] || $(BIN)/pybabel -q compile -d lti_tool/translations
	@touch $@

course_builder/player/vendor/.copied: course_builder/player/package-lock.json .venv/.installed
	@mkdir -p $(@D)
	@if command -v npm >/dev/null; then (cd course_builder/player && $(NPM_CI)) && $(BIN)/python -m course_builder.player.vendor; \
	  else echo "Without Node there are no fonts of ours; pages use the system's."; fi
	@touch $@

tests/node_modules/.installed: tests/package-lock.json
	@if command -v npm >/dev/null; then (cd tests && $(NPM_CI)); else echo "Without Node there are no accessibility tests."; mkdir -p $(@D); fi
	@touch $@

# Each as program:package of Debian. Where one is missing, its tests are skipped and say so.
BROWSERS := chromium:chromium chromedriver:chromium-driver firefox-esr:firefox-esr WebKitWebDriver:webkit2gtk-driver Xvfb:xvfb java:default-jre-headless

.PHONY: browsers
browsers:
	@missing=(); for pair in $(BROWSERS); do \
	  [ "$${pair%%:*}" = chromium ] && { [ -n "$$CHROMIUM" ] || command -v chromium-browser >/dev/null; } && continue; \
	  command -v "$${pair%%:*}" >/dev/null || missing+=("$${pair##*:}"); done; \
	if [ $${#missing[@]} = 0 ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing $${missing[*]} …"; \
	  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$${missing[@]}") >/dev/null; \
	else echo "Browser tests need $${missing[*]} (Debian: apt-get install); CHROMIUM may name a Chromium."; fi

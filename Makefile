# `make` alone says what there is. Everything sets itself up first; nothing has to be installed by hand.
SHELL := /bin/sh
BIN := $(CURDIR)/.venv/bin
export PATH := $(BIN):$(PATH)
WEB := $(wildcard web/package-lock.json)
TESTS := $(wildcard tests/unit tests/contract tests/browser)
STORIES ?= 1 2
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run demo test check unit contract browser story bench crash conformance docs lock clean setup setup-test

help: ## this list
	@echo "花信 Huaxin: every flower order is a live conversation."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "More words for the command behind a target go in ARGS:  make run ARGS='--port 9000'"

setup: ## what `make run` needs, without running it
	@sh scripts/setup run

setup-test: ## what `make test` needs, without testing
	@sh scripts/setup test

run: setup ## set up everything and serve: buyer, courier and shop on one port
	@huaxin serve $(ARGS)

demo: setup ## a simulated day in a flower shop, live, to watch or to join
	@huaxin demo $(ARGS)

test: check ## everything that must be green: check, then unit, contract and browser tests
	@echo "== tests"; pytest $(TESTS) $(ARGS)

check: setup-test ## lint, format, types, import rules, file lengths, screens
	@echo "== ruff"; ruff check src tests scripts
	@ruff format --check --quiet src tests scripts || { echo "format: run 'ruff format src tests scripts'"; exit 1; }
	@echo "== mypy"; mypy
	@echo "== import rules"; lint-imports --no-logo
	@echo "== file lengths"; python scripts/check_lengths.py
	@if [ -n "$(WEB)" ]; then echo "== screens"; cd web && npm run --silent check && npm test --silent; fi

unit: setup-test ## unit tests only
	@pytest tests/unit $(ARGS)

contract: setup-test ## contract tests: both stores, the gateway with real clients
	@pytest tests/contract $(ARGS)

browser: setup-test ## the screens in a real Chromium
	@pytest tests/browser $(ARGS)

story: setup-test ## replay stories 1 and 2 in three real browser pages; STORIES='1' for one
	@huaxin story $(STORIES) $(ARGS)

bench: setup-test ## deliveries per second, latency, memory, beside bare relays
	@huaxin bench $(ARGS)

crash: setup-test ## kill -9 the server again and again; check that nothing is lost, doubled or leaked
	@python -m tests.faults.crash $(ARGS)

conformance: setup-test ## the WebSocket conformance cases
	@python -m huaxin.gateway.conformance $(ARGS)

docs: setup ## write the documents that are generated from code
	@huaxin config --markdown > docs/configuration.md

lock: setup ## resolve the Python dependencies anew into the lock files
	@uv pip compile pyproject.toml --universal --python-version 3.12 --generate-hashes --no-annotate \
		--no-header --quiet --extra setup --extra node $(ARGS) --output-file requirements.lock
	@uv pip compile pyproject.toml --universal --python-version 3.12 --generate-hashes --no-annotate \
		--no-header --quiet --extra setup --extra node --extra dev --constraint requirements.lock $(ARGS) \
		--output-file requirements-dev.lock

clean: ## remove what was set up and built; data in var/ stays
	rm -rf .venv web/node_modules src/huaxin/http/static .mypy_cache .ruff_cache .pytest_cache .hypothesis

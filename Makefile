# `make` alone says what there is. Everything sets itself up first; nothing has to be installed by hand.
SHELL := /bin/sh
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
# What was compiled once is kept: the tests begin hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE
WEB := $(wildcard web/package-lock.json)
# The long ones first.
CHECKS := screen-types types screens lint imports lengths
TESTS := tests-browser tests-contract tests-unit
SIDE_BY_SIDE := --no-print-directory --keep-going --output-sync=target
STORIES ?= 1 2 3 4 5 6 7
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run demo test tests-unit tests-contract tests-browser check lint types imports lengths screen-types screens unit contract browser story morning answers notes bench crash network uploads calls conformance docs lock clean setup setup-test

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
	@$(BIN)/huaxin serve $(ARGS)

demo: setup ## a simulated day in a flower shop, live, to watch or to join
	@$(BIN)/huaxin demo $(ARGS)

test: setup-test ## everything that must be green: unit, contract and browser tests, and what check says
	@echo "== tests and checks, side by side; each is told when it is done"
	@$(MAKE) $(SIDE_BY_SIDE) --jobs=3 $(TESTS) $(CHECKS)

# Most of a test is waiting for a line, a page or a disk: three at a time keep two cores busy. The browser's
# are in two halves, each with its own house, because they take the longest.
tests-unit:
	@echo "== unit tests"; $(BIN)/pytest tests/unit $(ARGS)

tests-contract:
	@echo "== contract tests"; $(BIN)/pytest tests/contract $(ARGS)

tests-browser:
	@echo "== browser tests"; $(BIN)/pytest tests/browser --numprocesses=2 --dist=loadfile $(ARGS)

check: setup-test ## lint, format, types, import rules, file lengths, screens; tells all that is wrong at once
	@$(MAKE) $(SIDE_BY_SIDE) --jobs=2 $(CHECKS)

lint:
	@echo "== lint and format"; $(BIN)/ruff check --quiet src tests scripts
	@$(BIN)/ruff format --check --quiet src tests scripts || { echo "not formatted: run 'ruff format src tests scripts'"; exit 1; }

types:
	@echo "== types"; $(BIN)/mypy

imports:
	@echo "== import rules"; $(BIN)/lint-imports --no-logo

lengths:
	@echo "== file lengths"; $(BIN)/python scripts/check_lengths.py

screen-types:
	@if [ -n "$(WEB)" ]; then echo "== types of the screens"; cd web && npm run --silent types; fi

screens:
	@if [ -n "$(WEB)" ]; then echo "== screens"; cd web && npm run --silent lint; wrong=$$?; npm test --silent && exit $$wrong; fi

unit: setup-test tests-unit ## unit tests only

contract: setup-test tests-contract ## contract tests: both stores, the gateway with real clients

browser: setup-test tests-browser ## the screens in a real Chromium

story: setup-test ## replay the stories in three real browser pages; STORIES='1' for one
	@$(BIN)/huaxin story $(STORIES) $(ARGS)

morning: setup-test ## a morning from an empty shop: 200 orders from a table to the door; ARGS='--no-screens'
	@$(BIN)/huaxin morning $(ARGS)

answers: setup-test ## the table of ways of asking: answered right, handed to a person, wrong
	@$(BIN)/python -m tests.unit.answers.counting

notes: setup-test ## the table of delivery notes: the time read, asked, left to the shop, wrong
	@$(BIN)/python -m tests.unit.tracking.noting

bench: setup-test ## deliveries per second, latency, memory, beside bare relays
	@$(BIN)/huaxin bench $(ARGS)

crash: setup-test ## kill -9 the server again and again; check that nothing is lost, doubled or leaked
	@$(BIN)/python -m tests.faults.crash $(ARGS)

network: setup-test ## ten minutes of bad networks under real browsers; ARGS='--minutes 1 --seed 7' for less
	@$(BIN)/python -m tests.faults.network $(ARGS)

uploads: setup-test ## tus-js-client and tuspy each resume 50 MB across a kill -9 of the server; ARGS='--mb 100'
	@$(BIN)/python -m tests.uploads.run $(ARGS)

calls: ## calls between real browser pages through a real relay: voice, video, four at once, weak, relay killed
	@sh scripts/setup calls
	@$(BIN)/python -m tests.calls.run $(ARGS)

conformance: setup-test ## the WebSocket conformance cases
	@$(BIN)/python -m huaxin.gateway.conformance $(ARGS)

docs: setup ## write what is generated from code: the settings' page, the screens' types
	@$(BIN)/huaxin config --markdown > docs/configuration.md
	@$(BIN)/python -m huaxin.live.typescript

lock: ## resolve the Python dependencies anew into the lock files; ARGS=--upgrade for newer ones
	@sh scripts/setup lock $(ARGS)

clean: ## remove what was set up and built; data in var/ stays
	rm -rf .venv web/node_modules src/huaxin/http/static .mypy_cache .ruff_cache .pytest_cache .hypothesis

# What you can do here. `make run`, `make test`, `make check`, `make demo` and `make bench` set themselves up.
#   PORT_BASE=5000   moves every port of the local stack (site 5000, functions host 5001, …): two run side by side
#   DATA=.local      folder in which the local stack keeps its data and logs; with PORT_BASE=5000 it is .local/5000
#   PYTHON=python3.12   Python for the virtual environment, 3.11 or newer
#   HOST=func        Azure Functions Core Tools run the application, when they are installed
#   TESTS="tests/unit -k chain"   what `make test` gives to pytest

MAKEFLAGS += --no-print-directory
DATA ?= .local$(if $(PORT_BASE),/$(PORT_BASE))
TARGET ?= local
python := .venv/bin/python

.PHONY: help setup setup-tests run test test-unit contract openapi check format demo bench quality reset

help:
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 22
	@sed -n 's/^#  \( .*\)/ \1/p' Makefile

setup: ## install everything and build the front end, as far as it changed
	@sh local/setup.sh

setup-tests:
	@sh local/setup.sh --tests

run: setup ## start the whole assistant on this machine
	@$(python) -m local.stack --data $(DATA) $(if $(PORT_BASE),--port-base '$(PORT_BASE)') $(if $(filter func,$(HOST)),--host func)

test: setup-tests ## every test: unit, contract, flow, browser, then the front end's own
	$(python) -m pytest $(TESTS)
	npm --prefix frontend test

contract: setup-tests ## the contract suites; TARGET=azure runs them against the services that the environment names
	$(python) -m tests.contract --target $(TARGET)

openapi: setup ## write docs/openapi.json again, and the front end's types from it
	$(python) -c "import function_app; from functions.openapi import openapi_document; print(openapi_document())" > docs/openapi.json
	npm --prefix frontend run api

test-unit: setup ## the unit tests alone
	$(python) -m pytest tests/unit

check: setup ## format, lint, types, imports
	$(python) -m ruff format --check .
	$(python) -m ruff check .
	$(python) -m mypy
	.venv/bin/lint-imports
	npm --prefix frontend run check

format: setup ## put all Python files into the one format
	$(python) -m ruff format .
	$(python) -m ruff check --fix .

demo: setup ## play a conversation in two languages on a stack of its own
	@$(python) -m local.demo

bench: setup ## measure speed and crash safety on a stack of its own; writes docs/benchmarks.md
	@$(python) -m tests.load

quality: setup ## measure how well the engines understand
	@$(python) -m tests.quality

reset: setup ## forget the local data of the stack in DATA; EVERYTHING=yes: of all stacks that keep theirs below it
	@$(python) -m local.stack.reset --data "$(DATA)" $(if $(filter yes,$(EVERYTHING)),--everything)

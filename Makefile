# make inspect [REPO=path]   the as-built record of a repository (default: this one); HTML in out/
# make test                  everything that decides whether a change is good: check, then all tests
# make self                  the product evaluates itself: its audit and its package, in out/self/
# make quick                 the tests without the slow ones
# make check                 ruff, mypy, import-linter
# make bench [REPOS="a b"]     the benchmarks on these repositories (default: this one)
# make docs                  write the generated reference pages again
# make pictures              draw the README's picture again
# make clean                 remove what these made
#
# Needs Python 3.11 or newer and git; everything else is set up in .venv with plain pip.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

ifndef PYTHON
PYTHON := $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
    $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
endif
REPO ?= .
REPOS ?= .
WORKERS ?= 2
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help inspect test quick check bench docs pictures clean programs self

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

.venv/run.done: pyproject.toml .ci/setup
	@.ci/setup "$(PYTHON)" run

.venv/test.done: pyproject.toml .ci/setup .venv/run.done
	@.ci/setup "$(PYTHON)" test

inspect: .venv/run.done
	@mkdir -p out
	@$(BIN)/asbuilt inspect "$(REPO)" --exit-zero --output html=out/inspect.html
	@echo "Pictures: out/inspect.html"

check: .venv/test.done
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

programs:
	@.ci/programs

test: check programs
	$(BIN)/pytest -n $(WORKERS)
	@.ci/self

self: .venv/run.done
	@.ci/self

quick: .venv/test.done
	$(BIN)/pytest -n $(WORKERS) -m "not slow"

bench: .venv/test.done
	$(BIN)/python -m benchmarks.startup
	$(BIN)/python -m benchmarks.inspection $(REPOS)
	$(BIN)/python -m benchmarks.origins $(REPOS)
	$(BIN)/python -m benchmarks.attribution $(REPOS)
	$(BIN)/python -m benchmarks.squash $(REPOS)

docs: .venv/test.done
	$(BIN)/python -m docs.generate

pictures: .venv/test.done
	$(BIN)/python -m docs.draw

clean:
	rm -rf .venv out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

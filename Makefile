# make demo   set up and serve a demo school on http://127.0.0.1:5000
# make test   set up and run everything: linters, unit, integration and browser tests

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
DEMO := SVYAZKA_MODE=demo SVYAZKA_INSTANCE=$(CURDIR)/instance/demo
PYTEST := pytest -q -p no:cacheprovider
BROWSER := pytest -q -o cache_dir=.venv/browser-tests -m "browser and not slow" tests

.PHONY: demo test test-full lint fmt messages vendor pictures bench clean

demo: .venv/app.stamp .venv/messages.stamp
	$(DEMO) flask --app wsgi db upgrade
	$(DEMO) flask --app wsgi demo load
	$(DEMO) flask --app wsgi demo who
	exec env $(DEMO) gunicorn -c deploy/gunicorn.conf.py -b 127.0.0.1:5000 wsgi:app

test: .venv/dev.stamp .venv/messages.stamp
	scripts/install-system test
	$(MAKE) --no-print-directory lint
	$(PYTEST) -n 2 -m "not browser and not slow" tests
	# A window may be late on a busy machine: what fails is run once more, alone. Twice is a fault.
	$(BROWSER) -n 2 --dist loadfile || $(BROWSER) --last-failed --last-failed-no-failures none

test-full: test
	$(PYTEST) -m slow tests
	# Threads that a test leaves behind close their connections when they like.
	SVYAZKA_TEST_DATABASE=postgresql $(PYTEST) -n 2 -m "not browser and not slow" \
	  -W ignore::pytest.PytestUnraisableExceptionWarning tests

lint: .venv/dev.stamp
	ruff check .
	ruff format --check .
	mypy
	lint-imports --no-cache
	djlint --lint --quiet templates
	python tools/vendor.py --check
	python scripts/messages.py check

fmt: .venv/dev.stamp
	ruff check --fix .
	ruff format .

messages: .venv/dev.stamp
	python scripts/messages.py update
	python scripts/messages.py compile

vendor: .venv/dev.stamp
	python tools/vendor.py

# The guide's pictures from the running application; ONLY="poll call" makes some of them.
pictures: .venv/dev.stamp .venv/messages.stamp
	python -m tools.pictures $(ONLY)

bench: .venv/dev.stamp
	python bench/roster_import.py
	python -m bench.chat_pages
	python -m bench.fanout
	python -m bench.painted

.venv/app.stamp: requirements.txt
	scripts/install-system app
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/dev.stamp: requirements-dev.txt .venv/app.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

.venv/messages.stamp: .venv/app.stamp $(wildcard translations/*/LC_MESSAGES/*.po)
	$(BIN)/python scripts/messages.py compile
	touch $@

clean:
	rm -rf .venv instance/demo .mypy_cache .ruff_cache .hypothesis

# Thin verbs: everything they do can be typed by hand.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: demo test coverage check bench clean

demo: $(VENV)/.run
	$(BIN)/stins demo --serve

test: $(VENV)/.test
	$(BIN)/pytest $(PYTEST)

coverage: $(VENV)/.test
	$(BIN)/pytest --cov --cov-fail-under=95 $(PYTEST)

check: $(VENV)/.check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# What is never imported is never compiled.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e
NEEDED  := $(BIN)/python setup.cfg pyproject.toml constraints.txt

$(VENV)/.run: $(NEEDED)
	$(INSTALL) .
	touch $@

$(VENV)/.test: $(NEEDED)
	$(INSTALL) '.[test]'
	touch $(VENV)/.run $@

$(VENV)/.check: $(NEEDED)
	$(INSTALL) '.[test,check]'
	touch $(VENV)/.run $(VENV)/.test $@

clean:
	rm -rf $(VENV) build *.egg-info .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

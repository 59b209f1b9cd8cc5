# Two commands: `make demo` and `make test`. Each sets up what it needs and then does its job. `make test-oldest` runs the
# tests of the omni judge with the lowest versions that its extra allows, in an environment of their own.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
OLDEST ?= .venv-oldest
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test test-oldest lint clean

demo: $(VENV)/base
	$(BIN)/audiojudge score examples/audio --captions examples/captions.jsonl --out examples/audiojudge-run
	$(BIN)/python examples/twins.py examples/audiojudge-run

test: lint
	$(BIN)/audiojudge models pull embedded language
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile

test-oldest: $(OLDEST)/omni
	$(OLDEST)/bin/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile tests/judges/omni

lint: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

$(VENV)/base: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/dev: pyproject.toml constraints.txt $(VENV)/base
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,av,omni,ray,serve]'
	@touch $@

$(OLDEST)/omni: pyproject.toml constraints-oldest.txt
	$(PYTHON) -m venv $(OLDEST)
	$(OLDEST)/bin/python -m pip install --quiet --constraint constraints-oldest.txt --editable '.[omni]' \
		hypothesis jsonschema pytest pytest-xdist
	@touch $@

clean:
	rm -rf $(VENV) $(OLDEST) examples/audiojudge-run

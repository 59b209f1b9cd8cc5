# Two commands: `make demo` and `make test`. Each sets up what it needs and then does its job.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test lint clean

demo: $(VENV)/base
	$(BIN)/audiojudge score examples/audio --captions examples/captions.jsonl --out examples/audiojudge-run
	$(BIN)/python examples/twins.py examples/audiojudge-run

test: lint
	$(BIN)/audiojudge models pull embedded
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile

lint: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

$(VENV)/base: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/dev: pyproject.toml $(VENV)/base
	$(BIN)/python -m pip install --quiet --editable '.[dev,av,omni,ray]'
	@touch $@

clean:
	rm -rf $(VENV) examples/audiojudge-run

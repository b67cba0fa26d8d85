# `make` lists the targets. A machine needs only Python >= 3.11, make and a package index.
# The system's own, where it is new enough and can make an environment: its distribution mends it, and built it to be quick;
# one that was compiled in a home folder took a seventh longer for the tests. Else the first on the path.
SYSTEM = /usr/bin/python3
PYTHON ?= $(shell $(SYSTEM) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(SYSTEM) || echo python3)
PORT ?= 8088
BIN = .venv/bin
.DEFAULT_GOAL = help
# What was compiled is kept, whatever the machine's own rule is: else each worker compiles every test anew.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

.venv/ready: requirements.lock pyproject.toml build_hook.py
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

install: .venv/ready ## the virtual environment, from the hash-pinned lock file

demo: .venv/ready ## three phones on one local page, with the real bot behind them (PORT=8088)
	@$(BIN)/python -m bot.demo --port $(PORT)

pictures: .venv/ready ## the pictures of the documentation: the demo, small phones, the reader, drawn with Chromium
	PICTURES=docs/pictures $(PYTEST) -n 0 -q tests/demo/test_page.py tests/phone/test_pictures.py tests/reader/test_page.py tests/reader/test_whole_case.py

# What is measured runs alone, and nothing else is read for it.
TIMED = $(shell grep -rl --include='test_*.py' '^@pytest.mark.timed' tests)

test: .venv/ready check ## every test, after lint, types, layers and catalogs
	$(PYTEST) -n 6 --dist worksteal -m "not long and not timed"
	$(PYTEST) -n 0 -m "timed and not long" $(TIMED)

check: .venv/ready ## lint, types, layers, flows and catalogs, side by side
	@$(MAKE) --no-print-directory -j2 --output-sync=target types flow lint layers catalogs

types: .venv/ready
	$(BIN)/mypy

# What the check of the questionnaire looks at: the program that reads and draws it, its files, and every text.
FLOW = $(shell find flows bot locales -name __pycache__ -prune -o -print)

flow: .venv/flow

.venv/flow: .venv/ready $(FLOW)
	$(BIN)/pana flow check
	@touch $@

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

layers: .venv/ready
	$(BIN)/lint-imports --no-cache

catalogs: .venv/ready
	$(BIN)/python -m locales.messages check
	$(BIN)/python -m locales.reader check

messages: .venv/ready ## extract texts, update the catalogs, check them
	$(BIN)/python -m locales.messages update
	$(BIN)/python -m locales.messages check

reader: .venv/ready ## the reader's page, bot/reader.html, and its SHA-256 in docs/reader.md
	@$(BIN)/python -m locales.reader update
	@$(BIN)/python reader/build.py

both: .venv/ready ## every walk on SQLite and on PostgreSQL, every sweep whole (in `make test` one of them, and a part)
	BOTH=1 $(PYTEST) -n 6 --dist worksteal -m "not long and not timed"

settings: .venv/ready ## docs/settings.md, from the settings' own declarations
	$(BIN)/python -m bot.settings_page > docs/settings.md

rings: .venv/ready ## docs/rings.md, who rings when, from the table that the program uses; printed too
	$(BIN)/python -m bot.rings_page > docs/rings.md
	@cat docs/rings.md

soak: .venv/ready ## the long crash and load runs, with their figures
	BOTH=1 $(PYTEST) -n 0 -s -m long

said: .venv/ready ## how much of what people type is understood, by card, and what is not
	$(BIN)/python -m tests.flows.said.measure -v

stories: .venv/ready ## eleven people from their first tap to the end, and what it costs them: taps, characters, rings
	$(PYTEST) -n 0 -s -q tests/talks/test_stories.py

files: .venv/ready ## five hundred files while the bot is killed and calls fail, and twenty of 20 MB at once, with the figures
	$(PYTEST) -n 0 -s -m long tests/bot/test_files.py

reading: .venv/ready ## how long the reader's page takes for 200 entries and 50 MB, in Chromium, with the figures
	$(PYTEST) -n 0 -s -m long tests/reader

crowd: .venv/ready ## a hundred people who type as people do, over the real bot, with the figures
	$(PYTEST) -n 0 -s -m long tests/bot/test_crowd.py

properties: .venv/ready ## random conversations through the questionnaire, at least 100,000 cases, with their figures
	WALKS=260 $(PYTEST) -n 2 -q -rP tests/flows

mutants: .venv/ready ## faults put into a copy of the tree: which sentence of the suite notices which
	$(BIN)/python -m tests.mutants

widths: .venv/ready ## the widths of Android's letters, from its font
	$(BIN)/python -m tests.phone.widths > bot/speech/widths.json

lock: .venv/ready ## resolve requirements*.in again, with hashes
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate requirements-dev.in -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate bench/requirements.in -o bench/requirements.lock

.venv-bench/ready: bench/requirements.lock
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install -q --disable-pip-version-check --require-hashes -r bench/requirements.lock
	@touch $@

bench: .venv/ready .venv-bench/ready ## what a tap costs, beside other bots: docs/performance.md (20 minutes; QUICK=1: a glimpse of it)
	$(BIN)/python -m bench $(if $(QUICK),--quick) $(if $(ROUNDS),--rounds $(ROUNDS))

two: .venv/ready ## what two processes on one PostgreSQL get done beside one, with the figures
	BOTH=1 $(PYTEST) -n 0 -s -q tests/storage/test_two_writers.py

talks: .venv/ready ## the middle floor: talks in process on SQLite, without a bot of their own
	$(PYTEST) -n 2 --dist worksteal -m "not long and not postgresql" tests/talks

.PHONY: help bench two reader reading types flow lint layers catalogs install demo mutants crowd files said stories talks pictures properties test both check messages settings rings soak widths lock

# Two commands do all the set-up a fresh machine needs: `make clean-corpus` and `make test`.
# PYTHON names another interpreter (3.11 or newer); RAW and CLEAN name other folders.
PYTHON ?= python3
RAW    ?= corpus/raw
CLEAN  ?= corpus/clean

VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
SOURCES := $(shell find src schemas -type f -not -path '*/__pycache__/*' 2>/dev/null)

# Prefect keeps its data inside the project and talks to nobody outside.
export PREFECT_HOME := $(CURDIR)/.prefect
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS := 120
export PREFECT_LOGGING_LEVEL ?= WARNING
export DO_NOT_TRACK := 1

.PHONY: clean-corpus nightly test test-waiting test-rest check lint types bench floors fuzz

clean-corpus: $(VENV)/installed ## clean corpus/raw into corpus/clean
	$(BIN)/python flows/clean_corpus.py --raw "$(RAW)" --clean "$(CLEAN)"

nightly: $(VENV)/installed ## clean every night: a Prefect server on loopback, the flow on a schedule (CRON=, TIMEZONE=, CONFIG=, PORT=)
	$(BIN)/python flows/nightly.py --raw "$(RAW)" --clean "$(CLEAN)" $(if $(CONFIG),--config "$(CONFIG)") \
		$(if $(CRON),--cron "$(CRON)") $(if $(TIMEZONE),--timezone "$(TIMEZONE)") $(if $(PORT),--port "$(PORT)")

# Tests that start servers, or runs that are killed, wait most of the time: they run beside the others.
WAITING := tests/flows tests/stores tests/workers tests/properties tests/writing

test: $(VENV)/installed $(VENV)/test-tools ## run every test
	@$(MAKE) --no-print-directory -j2 test-waiting test-rest

test-waiting:
	$(BIN)/python -m pytest $(WAITING)

test-rest:
	$(BIN)/python -m pytest --pyargs tests copydesk $(addprefix --ignore=,$(WAITING))

fuzz: $(VENV)/installed $(VENV)/fuzz-tools ## feed every parser inputs that mean harm (SECONDS= for each)
	$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60)

check: lint types test ## what CI runs

lint: $(VENV)/installed $(VENV)/check-tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed $(VENV)/check-tools
	$(BIN)/mypy

bench: $(VENV)/installed $(VENV)/test-tools $(VENV)/bench-tools ## quality and ratios beside peers
	$(BIN)/python -m bench

floors: $(VENV)/installed $(VENV)/test-tools ## the samples and the fast part of each benchmark against bench/floors.toml
	$(BIN)/python -m bench.floors

# The package is installed as a user would have it (not editable), so a wheel that lacks a file fails here.
$(VENV)/installed: $(VENV)/packages $(SOURCES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --force-reinstall .
	@touch $@

$(VENV)/packages: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("copydesk needs Python 3.11 or newer; name one: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) hatchling ".[flows]"
	@touch $@

$(VENV)/test-tools: $(VENV)/packages
	$(PIP) ".[flows,test]"
	@touch $@

$(VENV)/check-tools: $(VENV)/packages
	$(PIP) ".[flows,test,check]"
	@touch $@

# Where atheris can't be installed, seeds are damaged at random instead.
$(VENV)/fuzz-tools: $(VENV)/test-tools
	$(PIP) ".[fuzz]" || true
	@touch $@

$(VENV)/bench-tools: $(VENV)/packages
	$(PIP) ".[flows,test,bench]"
	@touch $@

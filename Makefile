# Thin: each target is one thing a person does. `make run` starts it, `make test` proves it.
PYTHON ?= python3
INSTANCE ?= instance
PORT ?= 5000
export INSTANCE PORT

BIN := .venv/bin
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/*.po)

# A dot for each package, so that a minute is not spent before a still screen; errors come out as they are.
define install
@rm -f .venv/failed; ($(BIN)/pip install --disable-pip-version-check $(1) || touch .venv/failed) \
	| while read -r line; do case "$$line" in Collecting*|Downloading*|Installing*) printf .;; esac; done; \
	echo; test ! -e .venv/failed
endef

.PHONY: run test check bench real screenshots contact-sheet pins clean

run: .venv/run.stamp .venv/catalogues.stamp fonts
	@$(BIN)/feedback init
	@$(BIN)/feedback run

test: .venv/test.stamp .venv/catalogues.stamp fonts
	@sh tests/install_programs.sh
	@$(BIN)/python -m pytest -n 2

check: .venv/test.stamp .venv/catalogues.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/feedback translations check

bench: .venv/test.stamp .venv/catalogues.stamp
	$(BIN)/python -m tests.benchmarks

real: .venv/test.stamp .venv/catalogues.stamp
	$(BIN)/python -m pytest -n 0 -s tests/real

screenshots: .venv/test.stamp .venv/catalogues.stamp fonts
	@sh tests/install_programs.sh
	$(BIN)/python docs/screenshots.py

contact-sheet: .venv/test.stamp .venv/catalogues.stamp fonts
	@sh tests/install_programs.sh
	$(BIN)/python -m docs.contact_sheet

# The pins name versions and hashes and no address, so that any index may serve them.
pins: .venv/python.stamp
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra test pyproject.toml -o requirements/test.txt

clean:
	rm -rf .venv feedback_app/web/fonts/node_modules feedback_app/web/static/fonts

.venv/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "This needs Python 3.11 or later. Name one with: make PYTHON=python3.12 ..."; exit 1; }
	@echo "Making a Python environment of its own in .venv"
	@$(PYTHON) -m venv .venv || { echo "Python could not make a virtual environment. On Debian or Ubuntu, install the package python3-venv."; rm -rf .venv; exit 1; }
	@touch $@

.venv/run.stamp: .venv/python.stamp requirements/run.txt pyproject.toml
	@echo "Installing the packages (about a minute the first time)"
	$(call install,--require-hashes -r requirements/run.txt)
	$(call install,--no-deps --no-build-isolation --no-index --editable .)
	@touch $@

.venv/test.stamp: .venv/run.stamp requirements/test.txt
	@echo "Installing the packages for testing"
	$(call install,--require-hashes -r requirements/test.txt)
	@touch $@

.venv/catalogues.stamp: .venv/run.stamp $(CATALOGUES)
	@$(BIN)/feedback translations compile
	@touch $@

# Fonts come through npm when it is there; without it people see their own device's fonts.
.PHONY: fonts
fonts: ; @sh feedback_app/web/fonts/fetch.sh

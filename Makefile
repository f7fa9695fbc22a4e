# From a bare Python 3.11 and make: `make demo`, `make test`. Everything lands in .venv.

BIN := .venv/bin
OLDEST := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13 python3.14; do \
	if $$python -c "$(OLDEST)" 2>/dev/null; then command -v $$python; break; fi; done)
REQUIREMENTS := installer/requirements.txt installer/requirements-test.txt
COMPILE := uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --quiet

.PHONY: venv demo test check bench translations requirements clean

venv: .venv/.installed

.venv/.installed: $(REQUIREMENTS) pyproject.toml
	@test -n "$(PYTHON)" || { echo "StaffDesk needs Python 3.11 or newer (PYTHON=… names one)." >&2; exit 1; }
	@"$(PYTHON)" -c "$(OLDEST)" || { echo "StaffDesk needs Python 3.11 or newer; $(PYTHON) is older." >&2; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r installer/requirements-test.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: venv
	@$(BIN)/python installer/qt_libraries.py window
	$(BIN)/staffdesk demo

test: check
	@$(BIN)/python installer/qt_libraries.py offscreen
	$(BIN)/python -m pytest

check: venv
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# Both stores at their usual sizes; `make bench BENCH="--copies 20000 --json"` says otherwise.
bench: venv
	@$(BIN)/python installer/qt_libraries.py offscreen
	$(BIN)/staffdesk bench --database sqlite:///build/bench.db $(BENCH)
	$(BIN)/python -m tests.postgres -- $(BIN)/staffdesk bench $(BENCH)

translations: venv
	$(BIN)/python resources/build.py --extract

# Pins every dependency anew; needs uv.
requirements:
	$(COMPILE) --upgrade --output-file installer/requirements.txt
	$(COMPILE) --extra test --constraint installer/requirements.txt --output-file installer/requirements-test.txt

clean:
	rm -rf .venv staffdesk/_built build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

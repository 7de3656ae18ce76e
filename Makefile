# Each target makes .venv by itself when it is missing and installs again only when the lock file changed.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check soak bench lock clean

.venv/.installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: .venv/.installed
	$(BIN)/liaison demo $(if $(ONCE),--once) $(if $(SCENE),--scene $(SCENE))

test: .venv/.installed
	$(BIN)/pytest -n 3 --dist worksteal -m "not soak" $(ARGS)

check: .venv/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

soak: .venv/.installed
	$(BIN)/pytest -m soak --timeout 7200 $(ARGS)

bench: .venv/.installed
	$(BIN)/python -m bench $(ONLY)

# Needs `uv` (a tool for whoever changes dependencies, not for users).
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --extra test --unsafe-package none pyproject.toml -o requirements.lock

clean:
	rm -rf .venv build dist *.egg-info demo-data

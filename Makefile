# Quartermaster. `make help` says what there is.
#
# `make run PYTHON=python3.12` picks another interpreter; settings come from the environment or from .env (see .env.example).

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input -qq
# One more than cores: tests wait for processes and disks a good deal.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
UV_VERSION := 0.13.8
PYTHONS ?= python3.11 python3.12 python3.13 python3.14
# What `make soak` may take: the drills, then the other tests, and then the mutations.
DRILL_SECONDS ?= 1800
SOAK_SECONDS ?= 1800
MUTATE_SECONDS ?= 1200

# Where there is memory to spare, tests keep their databases in it: hundreds of them waiting for a disk take minutes.
ROOMY := $(shell test -w /dev/shm && df -Pk /dev/shm | awk 'NR == 2 && $$4 > 4000000 { print "/dev/shm" }')

# Byte code is kept, whatever the environment says: tests start the product dozens of times.
export PYTHONDONTWRITEBYTECODE :=

SUDO := $(if $(filter-out 0,$(shell id -u)),sudo )
HERE := $(CURDIR)/$(VENV)

# Stamps: the checksum of what was installed last. They lie within the environment, so that they go with it.
RUNTIME := $(VENV)/installed-runtime
DEV := $(VENV)/installed-dev
INSTALL_SELF := $(PIP) install --no-index --no-deps --no-build-isolation --editable .
CHECK := { broken="$$($(PY) -m pip --disable-pip-version-check check)" || { echo "$$broken" >&2; false; }; }

.DEFAULT_GOAL := help
.PHONY: help run test soak pythons smoke lint format bench mutate clean lock venv python runtime dev

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: runtime ## Install what is missing into .venv and start everything on http://127.0.0.1:8080
	@exec $(VENV)/bin/quartermaster serve

test: dev ## The whole test suite, with the coverage gate; reports under build/
	@mkdir -p build/coverage && rm -f build/coverage/data*
	@$(if $(ROOMY),TMPDIR=$(ROOMY) )$(PY) -m pytest -n $(WORKERS) --maxprocesses 4 --dist worksteal --junitxml build/junit.xml \
	  --cov --cov-report term --cov-report html --cov-report xml

soak: dev ## What takes long: faults of minutes, kills by the hundred, large files, mutations; prints figures, ends in time
	@mkdir -p build
	@failed=; $(call soaked,drills,$(DRILL_SECONDS)) -n 4 --dist loadfile tests/soak/drills || failed=1; \
	  $(call soaked,soak,$(SOAK_SECONDS)) --ignore tests/soak/drills tests/soak || failed=1; test -z "$$failed"
	@$(MAKE) --no-print-directory mutate

# Those that mostly wait do so side by side, a file each; those that measure run alone, one after the other.
soaked = $(if $(ROOMY),TMPDIR=$(ROOMY) )timeout --kill-after 30 $(2) $(PY) -m pytest -q --junitxml build/$(1).xml

pythons: ## The quick tests on each of 3.11 to 3.14 that is here, in environments of their own under build/
	@for python in $(PYTHONS); do "$$python" --version 2>/dev/null || continue; \
	  here="build/venv-$${python##*python}"; \
	  $(MAKE) --no-print-directory dev PYTHON="$$python" VENV="$$here" && \
	  $(if $(ROOMY),TMPDIR=$(ROOMY) )"$$here/bin/python" -m pytest -q -n $(WORKERS) --maxprocesses 4 tests/unit tests/contract tests/integration || exit 1; \
	done

smoke: dev ## Does the installed product answer at all? A few seconds
	@$(PY) -m pytest -q tests/smoke

lint: dev ## Style, format, types and import rules
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/ruff format --check --quiet .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports --no-logo

format: dev ## Put the code into its format, and mend what can be mended
	@$(VENV)/bin/ruff check --fix --quiet . || true
	@$(VENV)/bin/ruff format --quiet .

bench: dev ## Speed and memory, each as a ratio to a bare reference
	@$(PY) -m tests.benchmarks

mutate: dev ## Which small changes of the code do the unit tests not notice? Minutes
	@mkdir -p build
	@timeout --signal INT --kill-after 30 $(MUTATE_SECONDS) $(VENV)/bin/mutmut run --max-children 2 >build/mutate.log 2>&1 || \
	  case $$? in 124|137) echo "Not all of them were tried in $(MUTATE_SECONDS) seconds." ;; *) tail -n 20 build/mutate.log; exit 1 ;; esac
	@$(VENV)/bin/mutmut results --all true | awk -F ': ' 'NF == 2 { count[$$2]++ } NF == 2 && $$2 !~ /killed|not checked/ { print } \
	  END { for (how in count) printf "%6d %s\n", count[how], how }'

clean: ## Remove what was built; keep .venv and ./data
	@rm -rf build dist mutants *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .benchmarks .coverage*
	@find bot core adapters tests -type d -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

lock: python ## Refresh requirements.lock and requirements-dev.lock (UPGRADE=1: to the newest versions)
	@test -x build/uv/bin/uv && build/uv/bin/uv --version | grep -qF "$(UV_VERSION)" || { \
	  rm -rf build/uv && "$(PYTHON)" -m venv build/uv && \
	  build/uv/bin/python -m pip --disable-pip-version-check --no-input --quiet install "uv==$(UV_VERSION)"; }
	@$(call compile,requirements.lock,--extra build)
	@$(call compile,requirements-dev.lock,--extra build --extra dev --constraints requirements.lock)
	@if grep -nE '://|^ *-(i|f|-index|-find|-extra|-trusted)' requirements.lock requirements-dev.lock; then \
	  echo "A lock file names a host." >&2; exit 1; fi

# One file for every Python from 3.11 on and every platform: environment markers where versions differ, the digests of all files.
define compile
build/uv/bin/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command 'make lock' \
  --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade) $(2) --output-file $(1) pyproject.toml
endef

# ---------------------------------------------------------------- the environment

# A lock is whole, so nothing is resolved: pips disagree about that, and what they find changes with every release.
# What an earlier lock left behind may not fit this one; then the environment is made anew.
INSTALL = $(PIP) install --no-deps --require-hashes -r $(1) && $(INSTALL_SELF)
define fill
$(call INSTALL,$(1)) && { $(CHECK) || { echo "That does not fit together: making $(VENV) anew ..."; \
  rm -rf "$(VENV)" && "$(PYTHON)" -m venv "$(HERE)" && $(call INSTALL,$(1)) && $(CHECK); }; }
endef

runtime: venv
	@cat requirements.lock pyproject.toml | cksum | cmp -s - $(RUNTIME) || { \
	  echo "Installing what Quartermaster needs into $(VENV) (about a minute, once) ..."; \
	  $(call fill,requirements.lock) && \
	  cat requirements.lock pyproject.toml | cksum > $(RUNTIME); }

dev: venv
	@cat requirements.lock requirements-dev.lock pyproject.toml | cksum | cmp -s - $(DEV) || { \
	  echo "Installing what Quartermaster and its tests need into $(VENV) (about two minutes, once) ..."; \
	  $(call fill,requirements-dev.lock) && \
	  cat requirements.lock pyproject.toml | cksum > $(RUNTIME) && \
	  cat requirements.lock requirements-dev.lock pyproject.toml | cksum > $(DEV); }

# An environment that was moved or whose interpreter is gone or too old is made anew.
venv: python
	@if ! { [ -f "$(VENV)/pyvenv.cfg" ] && grep -qF "$(HERE)" "$(VENV)/pyvenv.cfg" && \
	  "$(PY)" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))'; } >/dev/null 2>&1; then \
	  echo "Making $(VENV) with $$("$(PYTHON)" --version) ..."; \
	  rm -rf "$(VENV)" && "$(PYTHON)" -m venv "$(HERE)"; \
	fi

python:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	  echo "Quartermaster needs Python 3.11 or newer, and '$(PYTHON)' is not there. Type:"; \
	  $(call install_line,python3 python3-venv,python3,python3); exit 1; } >&2
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Quartermaster needs Python 3.11 or newer; '$(PYTHON)' is $$("$(PYTHON)" --version 2>&1 | head -n 1)."; \
	  for newer in python3.14 python3.13 python3.12 python3.11; do \
	    if "$$newer" --version >/dev/null 2>&1; then echo "There is a newer one. Type:"; echo "  make $(firstword $(MAKECMDGOALS)) PYTHON=$$newer"; exit 1; fi; \
	  done; \
	  echo "Install one, for example:"; $(call install_line,python3.11 python3.11-venv,python3.12,python@3.12); \
	  echo "then name it: make $(firstword $(MAKECMDGOALS)) PYTHON=python3.11"; exit 1; } >&2
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's 'venv' is missing. Type:"; \
	  $(call install_line,python3-venv,python3,python3); exit 1; } >&2

# The line to type here: Debian's package names, Fedora's, Homebrew's.
define install_line
if command -v apt-get >/dev/null 2>&1; then echo "  $(SUDO)apt-get install $(1)"; \
elif command -v dnf >/dev/null 2>&1; then echo "  $(SUDO)dnf install $(2)"; \
elif command -v brew >/dev/null 2>&1; then echo "  brew install $(3)"; \
else echo "  (your system's way to install $(2))"; fi
endef

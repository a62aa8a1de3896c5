# make demo and make test do all set-up on a bare Debian 12 with Python 3.11; see README.
SHELL := /bin/sh
VENV := .venv
PYTHON ?= $(shell command -v python3.11 || echo python3)
LIBRARIES := python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
READY := $(VENV)/.ready
GRIDS := inputs/jiangxi-2019-space

.PHONY: help setup libreoffice chromium demo serve province test test-all check fuzz kill kill-server units bench bench-growth bench-space bench-report bench-tables clean
help:            ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1  /p' Makefile

setup: $(READY)  ## libraries, virtual environment, package

APT := -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3
INSTALL = if [ "$$(id -u)" = 0 ]; then as=""; elif sudo -n true 2>/dev/null; then as=sudo; else \
	  echo "Please install this as root, then run make again: apt-get install $$missing" >&2; exit 1; fi; \
	for try in 1 2 3 4 5 6 7 8 9 10 11 12; do $$as apt-get $(APT) update -qq && break; echo "apt is busy or out of reach; trying again" >&2; sleep 20; done; \
	$$as env DEBIAN_FRONTEND=noninteractive apt-get $(APT) install -y -qq --no-install-recommends $$missing >/dev/null
# installs $$missing; another apt that runs is waited for: installing by its own lock, the lists, which have no such option, by trying again

$(READY): pyproject.toml constraints.txt
	@missing=""; for one in $(LIBRARIES); do \
	  if command -v dpkg-query >/dev/null && ! dpkg-query -W -f='$${Status}' $$one 2>/dev/null | grep -q "install ok"; then missing="$$missing $$one"; fi; done; \
	if $(PYTHON) -c "import venv, ensurepip" 2>/dev/null; then missing=$$(echo "$$missing" | sed 's/python3-venv//'); fi; \
	if [ -n "$$(echo $$missing)" ]; then $(INSTALL); fi
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
	  { echo "gep needs Python 3.11 or later; name one, for example: make PYTHON=/usr/bin/python3.12 setup" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@$(VENV)/bin/python -m compileall -q gep
	@touch $(READY)

libreoffice:     ## what the tests of workbooks open them with
	@command -v soffice >/dev/null || { echo "installing LibreOffice for the tests of workbooks"; missing=libreoffice-calc-nogui; $(INSTALL); }

chromium:        ## what the tests of the platform open its pages with
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { echo "installing Chromium for the tests of the platform"; missing=chromium; $(INSTALL); }

demo: setup      ## the account of Jinxi county 2022 from real input, stored and as a PDF
	$(VENV)/bin/gep run inputs/361027-2022 --price-year 2020 --report outputs/361027-2022.pdf --lang zh

PLATFORM := outputs/platform/gep.duckdb
NEW := outputs/platform.part
USER := $(VENV)/bin/gep user add --store $(NEW)/gep.duckdb
EXAMPLE := inputs/jiangxi-transfers-example
ONE := --by 钱七 --store $(NEW)/gep.duckdb
OTHER := --by 孙八 --store $(NEW)/gep.duckdb

serve: setup     ## the platform on a demonstration store: the demo county, a hundred counties of 2019, two schemes booked, an account for each role
	@test -f $(PLATFORM) || test -f $(PLATFORM:.duckdb=.office.sqlite) || { rm -rf $(NEW) && mkdir -p $(NEW) && \
	  $(VENV)/bin/gep extract --land-cover $(GRIDS)/land_cover.tif --classes igbp --zones $(GRIDS)/counties.geojson.zip --year 2019 --inputs inputs/jiangxi-2019-grids -o $(NEW)/inputs.parquet && \
	  $(VENV)/bin/gep run $(NEW)/inputs.parquet --store $(NEW)/gep.duckdb && \
	  $(VENV)/bin/gep run inputs/361027-2022 --price-year 2020 --store $(NEW)/gep.duckdb && \
	  $(VENV)/bin/gep scheme register jx-basin-pool $(ONE) && $(VENV)/bin/gep scheme register jx-kefz $(ONE) && \
	  $(VENV)/bin/gep compensate jx-basin-pool 2016 --inputs $(EXAMPLE)/basin_pool.csv --post $(ONE) >/dev/null && \
	  $(VENV)/bin/gep compensate jx-kefz 2023 --inputs $(EXAMPLE)/kefz.csv --post $(ONE) >/dev/null && \
	  $(VENV)/bin/gep transfers --confirm 1 $(OTHER) && $(VENV)/bin/gep transfers --confirm 2 $(OTHER) && \
	  $(USER) admin --role administrator --shown 管理员 && \
	  $(USER) jinxi --role accountant --shown 张三 --place 361027 && \
	  $(USER) jinxi-qixiang --role clerk --shown 李四 --place 361027 --department 气象局 && \
	  $(USER) fuzhou --role reviewer --shown 王五 --place 361000 && \
	  $(USER) jiangxi --role reviewer --shown 赵六 --place 360000 && \
	  $(USER) caizheng-1 --role finance --shown 钱七 --place 360000 && \
	  $(USER) caizheng-2 --role finance --shown 孙八 --place 360000 && \
	  $(USER) shenji --role auditor --shown 周九 --place 360000 && \
	  $(USER) chayue --role viewer --shown 吴十 --place 360000 && \
	  mkdir -p $(dir $(PLATFORM)) && mv $(NEW)/* $(dir $(PLATFORM)) && rmdir $(NEW); }
	$(VENV)/bin/gep serve --store $(PLATFORM)

province: setup  ## maps and accounts of Jiangxi from real grids: extract, run, map, a page
	$(VENV)/bin/gep extract --land-cover $(GRIDS)/land_cover.tif --classes igbp --zones $(GRIDS)/counties.geojson.zip --year 2019 --inputs inputs/jiangxi-2019-grids -o outputs/jiangxi-2019/inputs.parquet
	$(VENV)/bin/gep run outputs/jiangxi-2019/inputs.parquet --store outputs/jiangxi-2019/gep.duckdb
	$(VENV)/bin/gep map --land-cover $(GRIDS)/land_cover.tif --classes igbp --zones $(GRIDS)/counties.geojson.zip --year 2019 --inputs inputs/jiangxi-2019-grids \
	  --standard $(GRIDS)/standard.yaml --service water_conservation --service air_purification -o outputs/jiangxi-2019

KEEP := env -u PYTHONDONTWRITEBYTECODE
# what pytest made of the tests is kept for the next run: 7 seconds of each worker

test: setup libreoffice chromium ## all tests, on all cores; what is random is tried as often as has found faults
	$(KEEP) $(VENV)/bin/python -m pytest

test-all: setup libreoffice chromium ## the same tests with 100 kills a command, a million rows, 200 mutants and ten to thirty times as many random examples
	$(KEEP) GEP_LONG=1 GEP_KILLS=100 $(VENV)/bin/python -m pytest

check: setup     ## format, lint, types, tests
	$(VENV)/bin/ruff format --check gep tests
	$(VENV)/bin/ruff check gep tests
	$(VENV)/bin/mypy
	$(MAKE) test

kill: setup      ## kill gep run and gep approve at 100 random moments each
	GEP_KILLS=100 $(VENV)/bin/python -m pytest tests/store/test_robust.py -k killed

kill-server: setup ## kill the server 200 times while people save, run, sign and book: nothing acknowledged is lost
	GEP_SERVER_KILLS=200 $(VENV)/bin/python -m pytest -n0 -s tests/web/test_kill.py

fuzz: setup      ## 100,000 mutated tables and 5,000 workbooks that know what they mean, 2,000 forms; every case by hand said in other ways; from fixed seeds
	$(VENV)/bin/python tests/shared/mutants.py 2000
	for part in 0 1 2 3 4 5 6 7 8 9; do PYTHONPATH=tests:tests/shared $(VENV)/bin/python tests/shared/fuzz.py 10000 500 $${part}0000 || exit 1; done
	PYTHONPATH=tests:tests/shared $(VENV)/bin/python tests/shared/fuzz_process.py 150 60 200000
	PYTHONPATH=tests:tests/shared $(VENV)/bin/python tests/shared/metamorphic.py 3
	PYTHONPATH=tests:tests/shared $(VENV)/bin/python tests/shared/on_paper.py 20

units: setup     ## gep/units/table.json, after a change of coefficients/units.txt or of a unit in a rule
	PYTHONPATH=tests/shared $(VENV)/bin/python tests/shared/unit_table.py

bench: setup     ## benchmarks, printed as a table
	$(VENV)/bin/python tests/benchmarks/bench.py
	$(VENV)/bin/python -m pip install -q --disable-pip-version-check pandera frictionless
	$(VENV)/bin/python tests/benchmarks/bench_check.py
	$(VENV)/bin/python tests/benchmarks/transfers.py
	$(VENV)/bin/python tests/benchmarks/villages.py

bench-tables: setup ## from tables to a committed store: 7.62 million rows against pyarrow and DuckDB alone, the villages of a province
	$(VENV)/bin/python tests/benchmarks/bench.py --tables
	$(VENV)/bin/python tests/benchmarks/villages.py

bench-report: setup ## reports: our own part against WeasyPrint bare, 100 reports on all cores, memory
	$(VENV)/bin/python tests/benchmarks/bench_report.py

bench-growth: setup ## size and speed of the store against its number of accounts, up to 2,844 counties x 30 years
	$(VENV)/bin/python tests/benchmarks/growth.py --export

bench-space: setup ## benchmark of the spatial part (an hour and 40 GB at full size; SIZE="--side 5000 ..." for less)
	$(VENV)/bin/python -m pip install -q --disable-pip-version-check rasterstats
	$(VENV)/bin/python tests/benchmarks/bench_space.py $(SIZE)

clean:           ## remove what make made; stores and reports in outputs stay
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

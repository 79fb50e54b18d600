# Cordon: `make` alone prints this help.
.DEFAULT_GOAL := help
.PHONY: help setup build run serve test crashtest crashplanted check format bench screenshots clean

DATA ?= data
PORT ?= 8080
ITEMS ?= 26000
SEED ?= 1
SERVE ?= 1
CORDON := .build/release/cordon

help: ## Prints this help.
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  DATA=$(DATA) PORT=$(PORT) ITEMS=$(ITEMS) SEED=$(SEED) SERVE=$(SERVE) can be set on the command line."

setup: ## Installs the Debian packages that are missing; asks nothing.
	@scripts/setup

build: setup ## Builds the program (release).
	swift build -c release --product cordon

run: build ## Runs an exercise of ITEMS reports in DATA and leaves its console on PORT; SERVE=0 ends after the summary.
ifneq ($(filter-out 0,$(SERVE)),)
	@echo "The console: http://127.0.0.1:$(PORT), while it runs and afterwards; who may sign in: $(DATA)/accounts.txt"
endif
	$(CORDON) exercise --items $(ITEMS) --seed $(SEED) --data $(DATA) $(if $(filter-out 0,$(SERVE)),--serve --port $(PORT))

# An exercise and a record of one's own don't share a directory.
serve: DATA = record
serve: build ## Imports the sample into a record of your own (DATA, else record/), then serves it on PORT.
	$(CORDON) import --data $(DATA) samples/addresses.csv --operation "Sample action"
	$(CORDON) verify --data $(DATA) --replay
	@echo "A token: $(CORDON) user add ana --role analyst --data $(DATA) && $(CORDON) token create --user ana --data $(DATA)"
	$(CORDON) serve --data $(DATA) --port $(PORT)

test: setup ## Builds release once and runs every test on it, with a PostgreSQL server of its own.
	swift build -c release --build-tests
	@scripts/with-postgres scripts/test

crashtest: build ## Power cuts, kills and faults of the disk on the real program (docs/crash-testing.md); takes a quarter of an hour.
	@scripts/with-postgres --durable python3 Tests/Crash/run.py --cordon $(CORDON) --seed $(SEED)

crashplanted: setup ## Builds the program with a planted fault, which the same test must find.
	swift build -c release --product cordon --build-path .build-planted -Xswiftc -DPLANTED_SYNCHRONOUS_NORMAL
	python3 Tests/Crash/run.py --cordon .build-planted/release/cordon --only powercut --minutes 1 --images 100 --must-fail

check: ## Checks the formatting of the sources.
	swift format lint --strict --recursive Package.swift Sources Tests

format: ## Formats the sources.
	swift format --in-place --recursive Package.swift Sources Tests

bench: build ## Measures against the figures asked and the peers; writes bench.json.
	@scripts/setup-bench
	scripts/with-postgres --durable python3 Benchmarks/run.py --cordon $(CORDON) --full

screenshots: build ## Runs a small exercise and makes a picture of every page, in screenshots/.
	@scripts/setup-browser
	rm -rf .tools/exercise
	$(CORDON) exercise --items 1000 --seed $(SEED) --data .tools/exercise
	scripts/screenshots .tools/exercise --cordon $(CORDON)

clean: ## Removes what was built.
	rm -rf .build .tools

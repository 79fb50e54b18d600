# Cordon: `make` alone prints this help.
.DEFAULT_GOAL := help
.PHONY: help setup build run test check format bench clean

DATA ?= data
PORT ?= 8080
CORDON := .build/release/cordon

help: ## Prints this help.
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  DATA=$(DATA) PORT=$(PORT) can be set on the command line."

setup: ## Installs the Debian packages that are missing; asks nothing.
	@scripts/setup

build: setup ## Builds the program (release).
	swift build -c release --product cordon

run: build ## Imports the sample into DATA, then serves it on PORT.
	$(CORDON) import --data $(DATA) samples/addresses.csv --operation "Sample action"
	$(CORDON) verify --data $(DATA) --replay
	@echo "A token: $(CORDON) user add ana --role analyst --data $(DATA) && $(CORDON) token create --user ana --data $(DATA)"
	$(CORDON) serve --data $(DATA) --port $(PORT)

test: setup ## Builds release once and runs every test on it.
	swift build -c release --build-tests
	@scripts/test

check: ## Checks the formatting of the sources.
	swift format lint --strict --recursive Package.swift Sources Tests

format: ## Formats the sources.
	swift format --in-place --recursive Package.swift Sources Tests

bench: build ## Measures against the figures asked and the peers; writes bench.json.
	@scripts/setup-bench
	python3 Benchmarks/run.py --cordon $(CORDON)

clean: ## Removes what was built.
	rm -rf .build .tools

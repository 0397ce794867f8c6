# Everything a person does with the project. `make` alone lists it.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
FAULTS ?= 25
ITEMS ?= 500000
FUZZ ?= 300
DEBUG := .build/debug
RELEASE := .build/release
PLUGINS := .build/plugins
SOURCES := Package.swift Sources Tests plugins Benchmarks examples
# One import that no dependency declares would make a build depend on luck.
SWIFT_BUILD := swift build --explicit-target-dependency-import-check error

.PHONY: help setup build release test test-aws test-servers lint format demo install clean \
  bench bench-queue bench-trigger bench-thumbnails bench-store faults fuzz

help: ## Lists the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1|\2/' | column -t -s '|'

setup: ## Installs what a fresh Debian 12 with the Swift toolchain lacks (needs root where something is missing)
	@etc/setup.sh

build: setup ## Builds everything for development
	$(SWIFT_BUILD)
	examples/build.sh $(PLUGINS)

release: setup ## Builds everything as it is installed
	$(SWIFT_BUILD) -c release
	examples/build.sh $(PLUGINS)

test: setup test-servers ## Builds and runs every test
	$(SWIFT_BUILD) --build-tests
	examples/build.sh $(PLUGINS)
	swift test --skip-build --no-parallel

test-servers: ## Installs the servers that the AWS client's tests start: Ceph's S3 and moto (needs root where one is missing)
	@etc/test-servers/setup.sh

test-aws: setup test-servers ## Builds and runs the AWS client's tests alone
	$(SWIFT_BUILD) --build-tests
	swift test --skip-build --no-parallel --filter AWSClientTests

lint: ## Checks the code's shape, and that no test is written that never runs
	swift format lint --strict --recursive $(SOURCES)
	etc/lint.sh

format: ## Formats the code
	swift format --in-place --recursive $(SOURCES)

demo: release ## Makes thumbnails of a folder of real photos
	etc/demo.sh $(RELEASE)

install: release ## Installs into PREFIX (default /usr/local), under DESTDIR where set
	etc/install.sh $(RELEASE) "$(DESTDIR)$(PREFIX)"

bench: bench-queue bench-trigger bench-thumbnails ## Runs the benchmarks one after another

bench-queue: release ## Items a second from end to end, beside plain SQLite in C (ITEMS=500000)
	@mkdir -p .bench
	$(CC) -O2 Benchmarks/store/sqlite_ceiling.c -o .bench/sqlite_ceiling -lsqlite3
	$(RELEASE)/queue-bench .bench $(CURDIR)/$(RELEASE)/carillon-host $(CURDIR)/$(PLUGINS):$(CURDIR)/$(RELEASE) \
	  $(CURDIR)/.bench/sqlite_ceiling $(ITEMS)

bench-store: release ## The SQLite store alone, by phase, beside plain SQLite in C
	@mkdir -p .bench/store
	$(CC) -O2 Benchmarks/store/sqlite_ceiling.c -o .bench/sqlite_ceiling -lsqlite3
	$(RELEASE)/store-bench .bench/store $(ITEMS) 1024 .bench/sqlite_ceiling

bench-trigger: release ## From a trigger to the first item at work: warm, cold in C, cold in Swift
	@mkdir -p .bench
	$(RELEASE)/trigger-bench .bench $(CURDIR)/$(RELEASE)/carillon-host $(CURDIR)/$(PLUGINS):$(CURDIR)/$(RELEASE)

bench-thumbnails: release ## Images a second beside libvips and Pillow, with SSIM
	Benchmarks/thumbnails/run.sh $(RELEASE)

CAMPAIGN = --directory $(CURDIR)/.bench/faults --products $(CURDIR)/$(DEBUG) --plugins $(CURDIR)/$(PLUGINS)

faults: build ## Full disks, killed workers, a killed engine: every item must be accounted for (FAULTS=25 kills)
	@mkdir -p .bench
	$(DEBUG)/fault-campaign disk $(CAMPAIGN)
	$(DEBUG)/fault-campaign workers --kills $(FAULTS) $(CAMPAIGN)
	$(DEBUG)/fault-campaign kill --kills $(FAULTS) $(CAMPAIGN)

fuzz: setup ## Fuzzes the frame parser with libFuzzer (FUZZ=300 seconds)
	Tests/Fuzz/run.sh .bench/fuzz $(FUZZ)

clean: ## Removes what was built
	rm -rf .build .bench .demo

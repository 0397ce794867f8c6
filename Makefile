# Everything a person does with the project. `make` alone lists it.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
FAULTS ?= 25
ITEMS ?= 500000
FUZZ ?= 300
EVENTS ?= 5000000
KILLS ?= 100
ROLLUPS_ORACLE := plugins/analytics-rollups/Tests/AnalyticsRollupsTests/Oracle/requirements.txt
DEBUG := .build/debug
RELEASE := .build/release
PLUGINS := .build/plugins
SOURCES := Package.swift Sources Tests plugins Benchmarks examples
# One import that no dependency declares would make a build depend on luck.
MAIL_ORACLE := plugins/email-dispatch/Tests/MailMessageTests/Oracle
SWIFT_BUILD := swift build --explicit-target-dependency-import-check error

.PHONY: help setup build release test test-aws test-servers server-oracle mail-oracle rollups-oracle openapi lint format demo install \
  deb test-systemd clean bench bench-queue bench-trigger bench-idle bench-thumbnails bench-store bench-cron bench-cost bench-s3 \
  bench-mail bench-rollups faults faults-mail faults-rollups fuzz

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

test: setup server-oracle mail-oracle rollups-oracle test-servers ## Builds and runs every test
	$(SWIFT_BUILD) --build-tests
	examples/build.sh $(PLUGINS)
	etc/cron-oracle.sh >/dev/null
	etc/test.sh

test-servers: ## Installs the servers that the AWS client's tests start: Ceph's S3 and moto (needs root where one is missing)
	@etc/test-servers/setup.sh

test-aws: setup test-servers ## Builds and runs the AWS client's tests alone
	$(SWIFT_BUILD) --build-tests
	swift test --skip-build --no-parallel --filter AWSClientTests

server-oracle: ## Installs what judges the control API from outside, from PyPI
	@test -x .bench/venv-server/bin/python || python3 -m venv .bench/venv-server
	@cmp -s Tests/ServerTests/Oracle/requirements.txt .bench/venv-server/installed.txt || { \
	  .bench/venv-server/bin/pip install --quiet --disable-pip-version-check -r Tests/ServerTests/Oracle/requirements.txt && \
	  cp Tests/ServerTests/Oracle/requirements.txt .bench/venv-server/installed.txt; }

mail-oracle: ## Installs what judges messages from outside, from PyPI
	@test -x .bench/venv-mail/bin/python || python3 -m venv .bench/venv-mail
	@cmp -s $(MAIL_ORACLE)/requirements.txt .bench/venv-mail/installed.txt || { \
	  .bench/venv-mail/bin/pip install --quiet --disable-pip-version-check -r $(MAIL_ORACLE)/requirements.txt && \
	  cp $(MAIL_ORACLE)/requirements.txt .bench/venv-mail/installed.txt; }

rollups-oracle: ## Installs DuckDB from PyPI, which judges the tables of analytics-rollups
	@test -x .bench/venv-rollups/bin/python || python3 -m venv .bench/venv-rollups
	@cmp -s $(ROLLUPS_ORACLE) .bench/venv-rollups/installed.txt || { \
	  .bench/venv-rollups/bin/pip install --quiet --disable-pip-version-check -r $(ROLLUPS_ORACLE) && \
	  cp $(ROLLUPS_ORACLE) .bench/venv-rollups/installed.txt; }

openapi: build ## Writes docs/openapi.json anew from the routes
	CARILLON_WRITE_OPENAPI=1 swift test --filter OpenAPITests.theDocumentInTheRepositoryIsTheServers

lint: ## Checks the code's shape, and that no test is written that never runs
	swift format lint --strict --recursive $(SOURCES)
	etc/lint.sh

format: ## Formats the code
	swift format --in-place --recursive $(SOURCES)

demo: release ## Makes thumbnails of real photos; then on a schedule, with the daemon killed in between
	etc/demo.sh $(RELEASE)
	etc/demo-daemon.sh $(RELEASE)

install: release ## Installs into PREFIX (default /usr/local), under DESTDIR where set
	etc/setup.sh patchelf binutils
	etc/install.sh $(RELEASE) $(PREFIX) $(DESTDIR)

deb: release ## Makes a Debian package that needs no Swift toolchain, in .bench/deb, and lets lintian look at it
	etc/setup.sh patchelf binutils dpkg-dev lintian
	etc/deb.sh $(RELEASE) .bench/deb
	lintian --fail-on error,warning --allow-root .bench/deb/*.deb

test-systemd: release ## The Debian package under a real systemd in a container: start, kill, watchdog, upgrade, purge (root)
	etc/setup.sh patchelf binutils dpkg-dev systemd systemd-container curl
	rm -rf .bench/systemd
	COMPRESSION=none etc/deb.sh $(RELEASE) .bench/systemd
	COMPRESSION=none etc/deb.sh $(RELEASE) .bench/systemd +1
	etc/test-systemd.sh .bench/systemd/carillon_*-1_*.deb .bench/systemd/carillon_*-1+1_*.deb $(PLUGINS)/misbehaving.so

bench: bench-queue bench-trigger bench-thumbnails bench-cron bench-idle ## Runs the benchmarks one after another

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

bench-idle: release ## What 100,000 schedules cost while nothing is due, beside cron and APScheduler (root, for cron)
	etc/setup.sh cron curl python3-venv
	Benchmarks/idle/run.sh $(RELEASE) $(CURDIR)/$(PLUGINS)

bench-thumbnails: release ## Images a second beside libvips and Pillow, with SSIM
	Benchmarks/thumbnails/run.sh $(RELEASE)

bench-cron: setup ## Next instants a second, in UTC and over changes of the clocks
	$(SWIFT_BUILD) -c release --product cron-bench
	$(RELEASE)/cron-bench

bench-cost: setup ## Calls that the cost optimizer makes for 1,000 functions, beside a call for each metric
	$(SWIFT_BUILD) -c release --product cost-bench
	$(RELEASE)/cost-bench

bench-s3: setup test-servers ## Listing and copying in S3 beside boto3 and rclone, on a static responder and on Ceph
	etc/setup.sh rclone
	$(SWIFT_BUILD) -c release --product s3-bench
	$(SWIFT_BUILD) -c release --product cost-bench
	Benchmarks/s3/run.sh $(RELEASE)

bench-mail: setup test-servers ## Messages a second beside smtplib and Postfix's smtp-source
	$(SWIFT_BUILD) -c release --product mail-bench
	@mkdir -p .bench
	Benchmarks/mail/run.sh $(RELEASE)

faults-mail: setup mail-oracle ## 10,000 conversations with an SMTP server that breaks every rule, 40 killed workers, 10,000 hostile messages
	$(SWIFT_BUILD) --product mail-faults
	$(SWIFT_BUILD) --build-tests
	@mkdir -p .bench
	$(DEBUG)/mail-faults conversations 10000 .bench
	$(DEBUG)/mail-faults kills 40 .bench
	CARILLON_HOSTILE_MAILS=10000 swift test --skip-build --no-parallel --filter 'MailMessageTests.HostileTests|EmailDispatchTests.HostileTemplateTests'

bench-rollups: release rollups-oracle ## Events a second into tables, beside DuckDB and Python, compared row by row (EVENTS=5000000)
	PYTHON_EVENTS=$${PYTHON_EVENTS:-500000} Benchmarks/rollups/run.sh $(RELEASE) $(EVENTS)

CAMPAIGN = --directory $(CURDIR)/.bench/faults --products $(CURDIR)/$(DEBUG) --plugins $(CURDIR)/$(PLUGINS)

faults: build ## Full disks, killed workers, a killed engine, a killed daemon: every item must be accounted for (FAULTS=25 kills)
	@mkdir -p .bench
	$(DEBUG)/fault-campaign disk $(CAMPAIGN)
	$(DEBUG)/fault-campaign workers --kills $(FAULTS) $(CAMPAIGN)
	$(DEBUG)/fault-campaign kill --kills $(FAULTS) $(CAMPAIGN)
	$(DEBUG)/fault-campaign daemon --kills $(FAULTS) $(CAMPAIGN)

faults-rollups: release ## Rollups killed at random moments: the tables must be the same, byte for byte (KILLS=100)
	@mkdir -p .bench/faults-rollups
	$(CC) -O2 Benchmarks/rollups/gen_events.c -o .bench/faults-rollups/gen_events -lm
	python3 Benchmarks/rollups/kill.py $(CURDIR)/$(RELEASE) $(CURDIR)/.bench/faults-rollups 60000 $(KILLS)

fuzz: setup ## Fuzzes the frame parser with libFuzzer (FUZZ=300 seconds)
	Tests/Fuzz/run.sh .bench/fuzz $(FUZZ)

clean: ## Removes what was built
	rm -rf .build .bench .demo

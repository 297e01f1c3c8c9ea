# make run    the demonstration: examples in, shipment files and receipts out, then watching (ONCE=1 ends after draining)
# make test   all tests          make check  tests, lint, import table, generated docs up to date
# make build  release binary at .build/release/dropgate           make bench  the tables of docs/PERFORMANCE.md
.PHONY: run test check build bench lint imports docs docs-check deps deps-test format clean

SWIFT ?= swift
RELEASE = -c release -Xswiftc -gnone --static-swift-stdlib --product dropgate
GUARD = --explicit-target-dependency-import-check error
PACKAGES = libarchive-dev libcurl4-openssl-dev libxml2-dev libsqlite3-dev libssl-dev pkg-config make
TEST_PACKAGES = curl libxml2-utils openssh-client openssh-server openssl python3 python3-openpyxl python3-openssl python3-pyftpdlib vsftpd
DEMO = demo

deps:
	@Scripts/install-packages $(PACKAGES)
deps-test: deps
	@Scripts/install-packages $(TEST_PACKAGES)

build: deps
	$(SWIFT) build $(RELEASE) $(GUARD)

run: build
	@Scripts/demo $(DEMO) $(if $(ONCE),--once)

test: deps-test
	$(SWIFT) build --build-tests $(GUARD)
	$(SWIFT) test --skip-build --parallel

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Plugins
imports:
	@Scripts/check-imports
format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests Plugins

docs:
	$(SWIFT) run $(GUARD) dropgate docs
docs-check:
	$(SWIFT) run $(GUARD) dropgate docs --check

check: deps-test lint imports test docs-check

bench: build
	@Scripts/install-packages python3
	@Benchmarks/run

clean:
	rm -rf .build $(DEMO)

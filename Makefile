# `make` lists the targets; each is a line or two that also works when typed.
.DEFAULT_GOAL := help
.PHONY: help install install-test build runserver demo test torture lint format bench fuzz secretkey starter clean

MUSTER := .build/release/muster
REGISTRY := instance/registry
ROUNDS := 1000
EXAMPLES := 500
REQUESTS := 1000000
PORT := 8000

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

install: ## Install what building and running take (Debian packages that are missing)
	@Scripts/install git libgit2-dev libsqlite3-dev pkg-config zlib1g-dev

install-test: install ## Install what the tests take: promtool, chromium, nginx, Python's judges of schemas
	@Scripts/install chromium fcgiwrap gcc libc6-dev nginx-light prometheus python3 python3-venv procps
	@.build/venv/bin/python -c 'import cryptography, schemathesis' 2>/dev/null || { python3 -m venv .build/venv && .build/venv/bin/pip --quiet install cryptography jsonschema openapi-spec-validator schemathesis; }

build: install ## Build the release binary, .build/release/muster
	swift build -c release --product muster --static-swift-stdlib

runserver: build ## Build, make instance/registry when there is none, and serve it on 127.0.0.1:8000
	@test -e $(REGISTRY) || $(MUSTER) init $(REGISTRY)
	$(MUSTER) serve --registry $(REGISTRY) --port $(PORT)

demo: build ## Serve a registry with 30 devices and months of history, from a temporary folder
	$(MUSTER) demo --port $(PORT)

test: install-test ## Run all tests; the last line has the totals
	@PATH="$(CURDIR)/.build/venv/bin:$$PATH" Scripts/test

torture: build ## Kill and hinder a server under load and check that it loses nothing (ROUNDS=1000)
	@Scripts/install gcc libc6-dev python3
	python3 Tests/Torture/run.py --binary $(MUSTER) --rounds $(ROUNDS)

lint: ## Check the formatting
	swift format lint --strict --recursive Sources Tests Package.swift

format: ## Format the sources
	swift format --in-place --recursive Sources Tests Package.swift

bench: build ## Measure it beside its references (SIZE=100000 for one size, ROWS=write for some rows)
	@Scripts/install gcc libc6-dev python3 wrk
	python3 Tests/Bench/bench.py $(MUSTER) $(if $(SIZE),--size $(SIZE)) $(ROWS)

fuzz: build install-test ## Feed the APIs what schemathesis makes up (EXAMPLES=500), a million hostile requests (REQUESTS=), and the parser as many broken inputs
	python3 Tests/Fuzz/hostile.py --binary $(MUSTER) --requests $(REQUESTS)
	python3 Tests/Fuzz/run.py --binary $(MUSTER) --examples $(EXAMPLES)
	MUSTER_FUZZ=1000000 swift test -c release --filter FuzzTests

secretkey: ## Print a new MUSTER_SECRET_KEY
	@head -c 48 /dev/urandom | base64 | tr '+/' '-_'

starter: ## Write registry/ into the sources, after a change there
	@python3 Scripts/starter.py

clean: ## Remove what was built (instance/ stays)
	rm -rf .build

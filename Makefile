# Everything a contributor does. `make help` lists it.
SHELL       := bash
.SHELLFLAGS := -euo pipefail -c

TEMPL       := go run github.com/a-h/templ/cmd/templ@v0.3.977
STATICCHECK := go run honnef.co/go/tools/cmd/staticcheck@v0.8.2

# SQLite translated from C computes its pointers; checking each one doubles the time to
# compile it and to run it, and finds nothing of ours. It keeps its race instrumentation:
# without, the linker may take its copies of sync's generic functions for the whole
# program, and the detector then reports races that are none.
RACE        := -race -gcflags=modernc.org/...=-d=checkptr=0
TIMEOUT     := 15m

# Modules of their own, which the product does not need.
SIDE        := $(patsubst %/go.mod,%,$(wildcard e2e/go.mod bench/go.mod))

.DEFAULT_GOAL := help
.PHONY: help build demo check vet lint generate fmt test test-fast test-go test-e2e bench

help: ## list these commands
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

build: ## the one binary: bin/tongxin
	CGO_ENABLED=0 go build -trimpath -o bin/tongxin ./cmd/tongxin

demo: ## a fictional city on this machine (DEMO='--data DIR')
	go run ./cmd/tongxin demo $(DEMO)

check: ## format, generated files, vet, linters
	@scripts/step "format" scripts/check-format
	@scripts/step "generated files" scripts/check-generated $(TEMPL)
	@scripts/step "vet" $(MAKE) --no-print-directory vet
	@scripts/step "lint" $(MAKE) --no-print-directory lint

vet:
	@go vet ./...
	@for module in $(SIDE); do (cd $$module && go vet ./...); done

lint:
	@scripts/lint $(STATICCHECK)
	@for module in $(SIDE); do (cd $$module && ../scripts/lint $(STATICCHECK)); done

generate: ## write pages and script bundle anew from their sources
	$(TEMPL) generate
	go generate ./...

fmt: ## format Go files
	@git ls-files -z --cached --others --exclude-standard -- '*.go' ':!*_templ.go' | xargs -0 ls -d 2>/dev/null | xargs -r gofmt -l -w

test: check ## check, then every test: race detector, both databases, browser
	@scripts/with-services $(MAKE) --no-print-directory --keep-going test-go test-e2e

test-fast: ## the tests on SQLite alone, without race detector and browser
	go test ./...

# These two want the surroundings that scripts/with-services makes.
test-go:
	@scripts/step "tests: race detector, both databases" go test $(RACE) -timeout $(TIMEOUT) ./...

test-e2e:
	@scripts/step "tests: browser" go -C e2e test -count=1 -timeout $(TIMEOUT) ./...

bench: ## measure against the peer and the machine; writes docs/performance.md
	cd bench && go run . $(BENCH)

# Every target does one thing; `make help` is the list below.
TAGS    := nomsgpack,fts5,sqlite_math_functions,sqlite_omit_load_extension
VERSION := $(shell git describe --tags --dirty 2>/dev/null || sed -n 's/^## \([0-9A-Za-z.]*\).*/\1/p' CHANGELOG.md | head -1)
CHECKER := .cache/bin/staticcheck-v0.8.2
PKG     ?= ./...

export CGO_ENABLED := 1
export GOFLAGS := -tags=$(TAGS)

.PHONY: help build run test check setup bench soak golden screenshots clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile

build: ## make bin/hatakello
	go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/hatakello ./cmd/hatakello

run: build ## start the demonstration and print its address
	bin/hatakello demo

setup: ## install what the tests need, or say what is missing
	.ci/setup

test: setup ## prove it all on real parts: databases, mail server, browser
	go test -count=1 -timeout 30m $(PKG)

check: $(CHECKER) ## formatting, vet, staticcheck, direction of imports
	@test -z "$$(gofmt -l $$(git ls-files '*.go') | tee /dev/stderr)"
	go vet ./...
	$(CHECKER) -tags $(TAGS) ./...
	go test -count=1 -run '^TestImports$$' ./cmd/hatakello

$(CHECKER):
	mkdir -p $(@D)
	GOFLAGS= GOBIN=$(CURDIR)/.cache/bin go install honnef.co/go/tools/cmd/staticcheck@v0.8.2
	mv .cache/bin/staticcheck $@

bench: setup ## measure, as ratios to the raw limit of the same run
	go test -count=1 -run '^$$' -bench . -benchtime 1s ./store/... ./incident/... ./templates/... ./web/... ./notify/...
	.ci/smtp-source
	HATAKELLO_BENCH=1 go test -count=1 -timeout 60m -run '^TestBudget|^TestSend' -v ./cmd/hatakello ./web

soak: setup ## kill the server again and again while it sends; look for leaks among a thousand
	HATAKELLO_SOAK=100 go test -count=1 -timeout 60m -run '^(TestKill|TestFault46)' -v ./cmd/hatakello

golden: ## write the golden files anew; then read the diff
	HATAKELLO_GOLDEN=1 go test -count=1 ./templates/...

screenshots: setup ## draw docs/screenshots from the running program
	HATAKELLO_SCREENSHOTS=1 go test -count=1 -run '^TestScreenshots$$' -v ./cmd/hatakello

clean: ## remove what the other targets made
	rm -rf bin .cache web/browser/node_modules

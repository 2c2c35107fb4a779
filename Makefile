# SPDX-License-Identifier: GPL-3.0-or-later
# A thin front over CMakePresets.json.
#   make run     install what is missing, build, make a sample dump and open it
#   make test    install what is missing, build, run every test without a display
#   make test-heavy  the long runs: a failure at every call, a thousand kills; and arm64 programs
#   make tidy    clang-tidy over every source; make fuzz: each fuzz target for a minute
#   make coverage [COVERAGE=--missed]  which branches of the redaction core the tests take
#   make mutation [MUTATION="--state FILE scanner/redact/plan.cpp"]   which small mistakes no test would notice
PRESET ?= release
BIN = build/$(PRESET)/bin
SAMPLE = build/$(PRESET)/sample/core.sample
FUZZ_SECONDS ?= 60
# Milliseconds: QtTest ends a function after five minutes, and a thousand kills take longer.
HEAVY_TIMEOUT = 14400000
export CMAKE_BUILD_PARALLEL_LEVEL ?= $(shell nproc)
# Only memory limits the number of compilers: about 1 GiB each.
export CTEST_PARALLEL_LEVEL ?= $(shell nproc)

.PHONY: run test coverage test-heavy test-asan test-tsan build packages test-packages sample bench eval screenshots tidy fuzz mutation clean

run: build sample
	scripts/run-sample.sh $(BIN) $(SAMPLE)

build: packages
	cmake --preset $(PRESET)
	cmake --build --preset $(PRESET)

sample: build
	scripts/make-sample.sh $(BIN) $(SAMPLE)

test: test-packages
	cmake --preset $(PRESET)
	cmake --build --preset $(PRESET)
	ctest --preset $(PRESET)

# Hours: tests that take samples otherwise try every place.
test-heavy: test-packages
	@scripts/install-packages.sh heavy
	cmake --preset $(PRESET)
	cmake --build --preset $(PRESET)
	$(BIN)/tst_arm64cores
	COREDACT_HEAVY=1 QTEST_FUNCTION_TIMEOUT=$(HEAVY_TIMEOUT) $(BIN)/tst_faults -maxwarnings 0
	COREDACT_HEAVY=1 QTEST_FUNCTION_TIMEOUT=$(HEAVY_TIMEOUT) $(BIN)/tst_allocationfaults -maxwarnings 0

test-asan:
	@scripts/install-packages.sh fuzz
	$(MAKE) test PRESET=asan

test-tsan:
	$(MAKE) test PRESET=tsan

tidy: test-packages
	@scripts/install-packages.sh tidy
	cmake --preset tidy
	cmake --build --preset tidy

fuzz: packages
	@scripts/install-packages.sh fuzz
	cmake --preset fuzz
	cmake --build --preset fuzz
	for target in build/fuzz/bin/fuzz_*; do \
		corpus=build/fuzz/corpus/$${target##*/fuzz_}; mkdir -p "$$corpus"; \
		COREDACT_SEEDS="$$corpus" "$$target" -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build/fuzz/ "$$corpus" || exit 1; \
	done

mutation: test-packages
	tests/mutation/mutate.py $(MUTATION)

# Only tests that call the core themselves count: the engine may not write what it counted.
COVERED = plan classes customminidump allocations roundup export verify needles unpackedsearch statements certificate signature sshwire \
	allocationfaults filefaults libraryfaults readsthesame verifybytes minimise minimiseminidump minimisepatches keeplist agreement sabotage differences propagate manyvalues presentwords copysettle fragments formindex forms publicparts copymatrix \
	scan streams joins handover morefills classedges gaps telling verifyholes verifystreams verifyvalues writings rescan
coverage: test-packages
	cmake --preset coverage
	cmake --build --preset coverage --target $(COVERED:%=tst_%)
	find build/coverage -name '*.gcda' -delete
	for name in $(COVERED); do QTEST_FUNCTION_TIMEOUT=3000000 QT_QPA_PLATFORM=offscreen build/coverage/bin/tst_$$name -silent >/dev/null || exit 1; done
	tests/coverage/branches.py build/coverage $(COVERAGE)

bench: build
	tests/bench/run.sh $(BIN)

# Recall, residual and noise on real programs; takes about a quarter of an hour.
eval: test-packages build
	tests/eval/run.sh $(BIN)

screenshots: build sample
	scripts/screenshots.sh $(BIN) $(SAMPLE)

packages:
	@scripts/install-packages.sh

test-packages:
	@scripts/install-packages.sh test

clean:
	rm -rf build

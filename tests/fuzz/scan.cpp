// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/scan.h"

#include "tests/fuzz/plantedmemory.h"
#include "tests/fuzz/targets.h"

#include <algorithm>

namespace coredact::test {

namespace {

ScanResult scanned(const PlantedMemory& memory, const Dump& dump, std::size_t window,
                   unsigned threads)
{
    const auto source = Source::fromBytes(memory.bytes);
    ScanOptions options;
    options.threads = threads;
    options.windowSize = window;
    options.given = memory.given;
    auto result = scan(*source, dump, builtInRules(), options, JobControl());
    require(result.ok(), "a scan of a sound dump succeeds");
    return std::move(*result);
}

void checkPlaces(const ScanResult& result, std::uint64_t size)
{
    require(result.values.size() == result.findings.size(), "each finding has its value");
    require(result.scannedBytes == size, "every byte is scanned");
    for (const Finding& finding : result.findings) {
        require(!finding.id.empty() && !finding.occurrences.empty(), "a finding has a place");
        for (const Occurrence& occurrence : finding.occurrences) {
            require(!occurrence.pieces.empty(), "an occurrence has a piece");
            for (const Piece& piece : occurrence.pieces)
                require(piece.file.last() < size, "a place lies in the file");
        }
    }
}

/// Any bytes; the result does not depend on windows, threads and the order of segments.
void fuzz(ByteView input)
{
    const PlantedMemory memory = plantedMemory(input);
    const ScanResult whole = scanned(memory, memory.dump, 1U << 20, 1);
    checkPlaces(whole, memory.dump.size);
    Dump turned = memory.dump;
    std::reverse(turned.segments.begin(), turned.segments.end());
    const std::size_t window = 512 + input.size() % 7 * 512;
    require(scanned(memory, turned, window, 2).findings == whole.findings,
            "windows, threads and the order of segments change nothing");
}

} // namespace

extern const FuzzTarget scanTarget;
const FuzzTarget scanTarget {"scan", fuzz, plantingSeeds};

} // namespace coredact::test

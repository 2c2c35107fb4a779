// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/addressspace.h"
#include "scanner/formats/format.h"
#include "scanner/redact/minimise.h"
#include "tests/support/sampledumps.h"

#include <QTest>

#include <algorithm>

#include <sys/mman.h>
#include <unistd.h>

/// Dumps and their minimised forms.
namespace coredact::test {

using Bytes = std::vector<std::uint8_t>;

struct Minimised {
    Bytes bytes;
    std::vector<KeptRange> kept;
    Dump dump;
};

inline Result<Minimised> minimisedFrom(const Bytes& bytes)
{
    const auto source = Source::fromBytes(bytes);
    const auto dump = readDump(*source, JobControl());
    if (!dump)
        return dump.error();
    const Descriptor target(memfd_create("minimised", MFD_CLOEXEC));
    auto kept = minimise(*source, *dump, target.number(), JobControl());
    if (!kept)
        return kept.error();
    const auto written = Source::fromDescriptor(Descriptor(dup(target.number())));
    return Minimised {*written->read(0, written->size()), std::move(*kept),
                      *readDump(*written, JobControl())};
}

inline std::optional<std::uint64_t> beside(const Bytes& bytes, const std::vector<KeptRange>& kept)
{
    return *bytesBeside(*Source::fromBytes(bytes), kept, JobControl());
}

inline bool holds(const Bytes& bytes, std::string_view text)
{
    return std::search(bytes.begin(), bytes.end(), text.begin(), text.end()) != bytes.end();
}

/// Of a file that may be damaged: what comes out holds its promises.
inline void checkPromises(const Bytes& bytes)
{
    const auto result = minimisedFrom(bytes);
    if (!result)
        return;
    QCOMPARE(result->bytes.size(), bytes.size());
    QVERIFY(!beside(result->bytes, result->kept));
    for (std::size_t i = 1; i < result->kept.size(); ++i)
        QVERIFY(result->kept[i - 1].range.last() < result->kept[i].range.first());
}

} // namespace coredact::test

// SPDX-License-Identifier: GPL-3.0-or-later
#include "memoryimage.h"

#include "scanner/dump/addressspace.h"
#include "scanner/rules/keys/der.h"
#include "scanner/rules/walk.h"
#include "scanner/scan/pass.h"
#include "scanner/scan/walks.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

class Collected : public MatchSink {
public:
    void add(Match match) override { matches.push_back(std::move(match)); }
    std::vector<Match> matches;
};

} // namespace

std::uint64_t MemoryImage::put(ByteView bytes)
{
    pad(24 + (16 - (m_bytes.size() + 24) % 16) % 16);
    const std::uint64_t address = start() + m_bytes.size();
    m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
    return address;
}

void MemoryImage::pad(std::size_t size)
{
    const auto noise = randomBytes(size, static_cast<std::uint32_t>(m_bytes.size()));
    m_bytes.insert(m_bytes.end(), noise.begin(), noise.end());
}

void MemoryImage::putWord(std::vector<std::uint8_t>& to, std::uint64_t value, unsigned size) const
{
    for (unsigned i = 0; i < size; ++i) {
        const unsigned shift = m_order == ByteOrder::Little ? i * 8 : (size - 1 - i) * 8;
        to.push_back(static_cast<std::uint8_t>(value >> shift & 0xff));
    }
}

void MemoryImage::putBignum(const BigNumber& number, std::uint32_t flags)
{
    const std::size_t words = (number.bytes() + m_wordSize - 1) / m_wordSize;
    const SecretBytes little = number.littleEndian(words * m_wordSize);
    std::vector<std::uint8_t> array;
    for (std::size_t w = 0; w < words; ++w) {
        std::uint64_t word = 0;
        for (unsigned i = 0; i < m_wordSize; ++i)
            word |= static_cast<std::uint64_t>(little[w * m_wordSize + i]) << (8 * i);
        putWord(array, word, m_wordSize);
    }
    std::vector<std::uint8_t> header;
    putWord(header, put(array), m_wordSize); // d
    putWord(header, words, 4); // top
    putWord(header, words + 1, 4); // dmax
    putWord(header, 0, 4); // neg
    putWord(header, flags, 4);
    put(header);
}

std::uint64_t MemoryImage::fileOffsetOf(std::uint64_t address) const
{
    const std::uint64_t position = address - start();
    return position < m_swap ? position + (m_bytes.size() - m_swap) : position - m_swap;
}

MemoryImage::Walked MemoryImage::walked(const Detector& detector) const
{
    std::vector<std::uint8_t> file(m_bytes.begin() + static_cast<std::ptrdiff_t>(m_swap),
                                   m_bytes.end());
    file.insert(file.end(), m_bytes.begin(), m_bytes.begin() + static_cast<std::ptrdiff_t>(m_swap));
    const auto source = Source::fromBytes(file);
    Dump dump;
    dump.size = file.size();
    dump.order = m_order;
    dump.wordSize = m_wordSize;
    if (!m_module.empty())
        dump.modules.push_back({m_moduleMemory, m_module, {}});
    const auto segment = [&](std::uint64_t address, std::size_t size) {
        if (size > 0)
            dump.segments.push_back({*AddressRange::make(address, size),
                                     *FileRange::make(fileOffsetOf(address), size), m_access,
                                     RegionKind::Heap, "[heap]"});
    };
    segment(start() + m_swap, m_bytes.size() - m_swap);
    segment(start(), m_swap);
    const AddressSpace memory(dump.segments);
    const JobControl control;
    Collected sink;
    const Coverage parts = coverage(dump);
    const auto data = DataRuns::of(*source);
    // Windows that are small for such images, so that what stands in them crosses their edges.
    const WindowShape shape {4096, 2048, walkReach};
    const WorkList work(parts, shape);
    const WalkContext context {*source, dump, memory, control};
    const auto walk = detector.newWalk(dump);
    if (!walk)
        return {};
    walk->begin(context);
    bool leftOut = false;
    while (const auto first = walk->newRound()) {
        const auto second = walk->newRound();
        RoundPart one;
        one.add(*first);
        RoundPart other;
        other.add(*second);
        runPass({*source, work, *data, shape, control, "walk"},
                std::array<PassPart*, 2> {&one, &other});
        first->join(*second);
        if (!walk->endRound(*first, context, sink))
            return {};
        leftOut = leftOut || first->hasLeftOut() || second->hasLeftOut() || walk->leftOut();
    }
    return {std::move(sink.matches), leftOut};
}

MemoryImage goHeapImage()
{
    MemoryImage image;
    image.begin(0xc000000000, "server");
    image.pad(5000);
    return image;
}

RsaNumbers rsaNumbers(const MadeKey& key)
{
    const ByteView bytes = key.traditional;
    DerReader reader(bytes, derHeader(bytes, 0)->begin, bytes.size());
    reader.next(DerTag::Integer);
    const auto next = [&] {
        const auto item = reader.next(DerTag::Integer);
        return BigNumber::fromBigEndian(bytes.subspan(item->begin, item->size()));
    };
    RsaNumbers numbers;
    for (BigNumber* number : {&numbers.n, &numbers.e, &numbers.d, &numbers.p, &numbers.q,
                              &numbers.dp, &numbers.dq, &numbers.qinv})
        *number = next();
    return numbers;
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/opensslbignums.h"

#include "scanner/base/bytereader.h"
#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/barekeys.h"
#include "scanner/rules/keys/foreignnumbers.h"
#include "scanner/rules/keys/privatekey.h"
#include "scanner/rules/keys/structurewords.h"

#include <algorithm>

namespace coredact {

namespace {

// Flags of a BIGNUM (openssl/bn.h). Only private numbers get the last two; none is on the secure
// heap whose words were not allocated.
constexpr std::uint32_t staticWords = 2;
constexpr std::uint32_t constantTime = 4;
constexpr std::uint32_t secureHeap = 8;
constexpr std::uint32_t everyFlag = 0x1f;
/// Ours, for numbers of other libraries.
constexpr std::uint32_t foreignFlag = 0x100;
constexpr std::uint32_t bytesFlag = 0x200;
constexpr std::uint32_t complementFlag = 0x400;
constexpr std::uint32_t words60Flag = 0x800;
constexpr std::uint32_t octetsFlag = 0x1000;
constexpr std::uint32_t paddedFlag = 0x2000;

constexpr unsigned bitsOfWords60 = 60;

/// Three words of 64 bits: x of DSA may have 160 bits.
constexpr std::size_t smallestBits = 129;
/// Where the words of a structure count up to three, much else than numbers stands behind it.
constexpr std::size_t longestThatMustLookRandom = 192;
constexpr std::uint32_t mostBits = 16384;
constexpr std::size_t mostHeaders = std::size_t {1} << 18;
constexpr std::size_t mostBytes = std::size_t {64} << 20;

struct Header {
    std::uint64_t words = 0; ///< address of the array
    std::uint32_t top = 0; ///< words in use, or bytes
    std::uint32_t flags = 0;

    std::size_t size(std::size_t wordSize) const
    {
        return (flags & octetsFlag) != 0 ? top : top * wordSize;
    }
};

std::uint32_t flagsOf(Digits digits)
{
    switch (digits) {
    case Digits::Words:
        return foreignFlag;
    case Digits::PaddedWords:
        return foreignFlag | paddedFlag;
    case Digits::Words60:
        return foreignFlag | words60Flag;
    case Digits::Octets:
        return foreignFlag | octetsFlag;
    case Digits::Bytes:
        break;
    }
    return bytesFlag;
}

Header headerOf(const ForeignNumber& number)
{
    return {number.address, number.count, flagsOf(number.digits)};
}

/// Programs that read and write decimal fractions have numbers of another form (dtoa.c, as MariaDB
/// has it): {words, log2 of the room, room, sign, count}. Of a constant power of five the count is
/// no set of flags that a BIGNUM may have; the words of others stand right behind them.
bool mayBeFlags(std::uint32_t flags)
{
    constexpr std::uint32_t contradiction = staticWords | secureHeap;
    return (flags & ~everyFlag) == 0 && (flags & (contradiction | constantTime)) != contradiction;
}

/// Structures in a window, in the dump's own word size and byte order.
class HeaderFinder {
public:
    explicit HeaderFinder(const Dump& dump)
        : m_order(dump.order)
        , m_word(dump.wordSize == 4 ? 4 : 8)
        , m_least(static_cast<std::uint32_t>((smallestBits + m_word * 8 - 1) / (m_word * 8)))
        , m_most(static_cast<std::uint32_t>(mostBits / (m_word * 8)))
    {
    }

    std::size_t size() const { return m_word + 16; }
    /// Whether structures of other libraries than OpenSSL are known for such a program.
    bool isUsual() const { return m_word == 8 && m_order == ByteOrder::Little; }

    template <typename Take> void forEach(const Window& window, const Take& take) const
    {
        const std::uint8_t* data = window.bytes.data();
        if (window.bytes.size() < size())
            return;
        const std::size_t end = std::min(window.freshEnd, window.bytes.size() - size() + 1);
        const bool usual = isUsual();
        const PairKernel mayBegin = pairKernels().back().kernel;
        std::size_t at = alignedFresh(window, m_word);
        while (at < end) {
            // Looks at 80 bytes of each 64.
            if (usual && at + 64 <= end)
                at += mayBegin(usualPair, data + at + 8, 0, end - at - 63);
            for (const std::size_t stop = std::min(end, at + 64); at < stop; at += m_word) {
                if (!usual) {
                    lookAt(data + at, *window.address + at, take);
                } else if (usualPair.fits(load64(data + at + 8), load64(data + at + 16))) {
                    lookAt(data + at, *window.address + at, take);
                    if (const auto found = foreignNumber(window.bytes.subspan(at)))
                        take(headerOf(*found));
                }
            }
        }
    }

    /// Structures of one form, in the windows of a usual program.
    template <typename Take>
    void forEachOf(const ForeignForm& form, const Window& window, const Take& take) const
    {
        const std::uint8_t* data = window.bytes.data();
        if (window.bytes.size() < form.size)
            return;
        const std::size_t end = std::min(window.freshEnd, window.bytes.size() - form.size + 1);
        const PairKernel mayBegin = pairKernels().back().kernel;
        std::size_t at = alignedFresh(window, m_word);
        while (at < end) {
            // Looks at 72 bytes of each 64.
            if (at + 64 <= end)
                at += mayBegin(form.pair, data + at + form.pairAt, 0, end - at - 63);
            for (const std::size_t stop = std::min(end, at + 64); at < stop; at += m_word)
                if (const auto found
                    = form.number(window.bytes.subspan(at), *window.address + at)) {
                    Header header = headerOf(*found);
                    header.flags |= form.complement ? complementFlag : 0;
                    take(header);
                }
        }
    }

    template <typename Take> void forEachOctets(const Window& window, const Take& take) const
    {
        const std::uint8_t* data = window.bytes.data();
        const std::size_t size = 3 * m_word;
        if (window.bytes.size() < size)
            return;
        const std::size_t end = std::min(window.freshEnd, window.bytes.size() - size + 1);
        const RangeKernel mayBegin = rangeKernels().back().kernel;
        std::size_t at = alignedFresh(window, m_word);
        while (at < end) {
            // Looks at 72 bytes of each 64.
            if (at + 64 <= end)
                at += mayBegin(nssTypes, nssPointers, data + at, 0, end - at - 63);
            for (const std::size_t stop = std::min(end, at + 64); at < stop; at += m_word)
                if (const auto found = nssOctets(window.bytes.subspan(at)))
                    take(headerOf(*found));
        }
    }

    template <typename Take>
    void lookAt(const std::uint8_t* data, std::uint64_t address, const Take& take) const
    {
        // Nearly everything falls here: sign 0 or 1, a few flags.
        const std::uint32_t negative = load32(data + m_word + 8);
        const std::uint32_t flags = load32(data + m_word + 12);
        if ((negative & ~1U) != 0 || !mayBeFlags(flags))
            return;
        const std::uint32_t top = load32(data + m_word);
        const std::uint32_t room = load32(data + m_word + 4);
        if (top < m_least || top > m_most || room < top || room > 2 * m_most)
            return;
        const std::uint64_t words = m_word == 4 ? load32(data) : load64(data);
        if (words % m_word == 0 && words != 0 && words != address + size())
            take(Header {words, top, flags});
    }

    std::size_t wordSize() const { return m_word; }
    ByteOrder order() const { return m_order; }

private:
    /// Sizes, then sign and flags or another size, in a 64-bit little-endian program: few others
    /// fit.
    static constexpr WordPair usualPair {~std::uint64_t {0x3ff'0000'03ff},
                                         ~(std::uint64_t {everyFlag} << 32 | mostForeignRoom)};
    static_assert(2 * mostBits / 64 <= 0x3ff && mostForeignRoom <= 0x3ff);

    std::uint32_t load32(const std::uint8_t* at) const
    {
        return wordOf<std::uint32_t>(at, m_order);
    }

    std::uint64_t load64(const std::uint8_t* at) const
    {
        return wordOf<std::uint64_t>(at, m_order);
    }

    ByteOrder m_order;
    std::size_t m_word;
    std::uint32_t m_least;
    std::uint32_t m_most;
};

/// Words that are known to be read-only hold no keys of a running program.
bool mayHoldNumber(const Segment* segment)
{
    return segment && (segment->access.write || !segment->access.read);
}

/// Words of which the lowest bits count, the least first; zero where one has more.
BigNumber numberOfDigits(ByteView words, unsigned bits)
{
    const BigNumber base = BigNumber::powerOfTwo(bits);
    BigNumber number;
    for (std::size_t at = words.size(); at > 0; at -= 8) {
        const auto digit = littleWord<std::uint64_t>(words.data() + at - 8);
        if (digit >> bits != 0)
            return BigNumber();
        number = number * base + BigNumber(digit);
    }
    return number;
}

/// The number behind a structure; zero when it is not all there, or its top word is zero and may
/// not be.
Result<BigNumber> numberBehind(const WalkContext& context, const HeaderFinder& finder,
                               const Header& header)
{
    SecretBytes bytes(header.size(finder.wordSize()));
    const auto read = context.memory.read(context.source, header.words, bytes);
    if (!read)
        return read.error();
    const ByteView topWord = ByteView(bytes).last(finder.wordSize());
    if (*read != bytes.size()
        || ((header.flags & paddedFlag) == 0
            && std::all_of(topWord.begin(), topWord.end(), [](std::uint8_t b) { return b == 0; })))
        return BigNumber();
    if ((header.flags & octetsFlag) != 0)
        return BigNumber::fromBigEndian(bytes);
    if ((header.flags & words60Flag) != 0)
        return numberOfDigits(bytes, bitsOfWords60);
    if (finder.order() == ByteOrder::Little)
        return BigNumber::fromLittleEndian(bytes);
    // Words with their first byte highest, the least word first: a big-endian number backwards.
    SecretBytes turned;
    for (std::size_t at = bytes.size(); at > 0; at -= finder.wordSize())
        turned.insert(turned.end(),
                      bytes.begin() + static_cast<std::ptrdiff_t>(at - finder.wordSize()),
                      bytes.begin() + static_cast<std::ptrdiff_t>(at));
    return BigNumber::fromBigEndian(turned);
}

} // namespace

BignumHarvest::BignumHarvest(const Dump& dump)
    : m_dump(dump)
    , m_nss(false)
{
    if (!HeaderFinder(dump).isUsual())
        return;
    m_forms = foreignFormsOf(dump);
    m_nss = mayHoldNssOctets(dump);
}

void BignumHarvest::look(const Window& window)
{
    if (!window.address)
        return;
    const HeaderFinder finder(m_dump);
    const auto take = [&](const Header& header) { keep({header.words, header.top}, header.flags); };
    finder.forEach(window, take);
    for (const ForeignForm* form : m_forms)
        finder.forEachOf(*form, window, take);
    if (m_nss)
        finder.forEachOctets(window, take);
}

/// An array that is dropped here has too many before it whatever comes later.
void BignumHarvest::keep(std::pair<std::uint64_t, std::uint32_t> array, std::uint32_t flags)
{
    m_arrays[array] |= flags;
    keepFirst(m_arrays, mostHeaders);
}

void BignumHarvest::join(const BignumHarvest& other)
{
    for (const auto& [array, flags] : other.m_arrays)
        keep(array, flags);
}

Result<std::vector<HeldNumber>> BignumHarvest::numbers(const WalkContext& context)
{
    const HeaderFinder finder(m_dump);
    std::vector<HeldNumber> numbers;
    std::size_t bytes = 0;
    for (const auto& [array, flags] : m_arrays) {
        const Header header {array.first, array.second, flags};
        if (flags == bytesFlag || !mayHoldNumber(context.memory.segmentAt(header.words)))
            continue;
        auto value = numberBehind(context, finder, header);
        if (!value)
            return value.error();
        const bool foreign = (flags & foreignFlag) != 0;
        const bool mustLookRandom = foreign || value->bits() <= longestThatMustLookRandom;
        if (value->bits() < smallestBits || (mustLookRandom && !looksRandom(value->bigEndian())))
            continue;
        std::size_t size = header.size(finder.wordSize());
        if ((flags & paddedFlag) != 0)
            size = (value->bytes() + 7) / 8 * 8;
        bytes += size;
        if (bytes > mostBytes) {
            leaveOut();
            break;
        }
        auto places = context.memory.fileRanges(header.words, size);
        constexpr std::uint32_t fewestOfPrimes = 8;
        if ((flags & complementFlag) != 0 && header.top >= fewestOfPrimes)
            numbers.push_back({BigNumber::powerOfTwo(static_cast<unsigned>(size * 8)) - *value,
                               places, false, true});
        numbers.push_back({std::move(*value), std::move(places),
                           (flags & (constantTime | secureHeap)) != 0, foreign});
    }
    return numbers;
}

Result<std::vector<BareString>> BignumHarvest::strings(const WalkContext& context) const
{
    std::vector<BareString> strings;
    for (const auto& [array, flags] : m_arrays) {
        const auto& [address, size] = array;
        if ((flags & bytesFlag) == 0 || !mayHoldNumber(context.memory.segmentAt(address)))
            continue;
        SecretBytes bytes(size);
        const auto read = context.memory.read(context.source, address, bytes);
        if (!read)
            return read.error();
        if (*read == size && mayBeBareKey(bytes))
            strings.push_back({address, std::move(bytes)});
    }
    return strings;
}

} // namespace coredact

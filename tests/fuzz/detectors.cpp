// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/anchorpass.h"
#include "scanner/rules/walk.h"

#include "tests/fuzz/targets.h"
#include "tests/rules/memoryimage.h"

#include <algorithm>
#include <array>

namespace coredact::test {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t largestImage = 16U << 10;
constexpr std::uint8_t everyDetector = 255;
constexpr std::size_t smallFresh = 5000; ///< of windows that cut an image

/// What programs name their secrets, and marks of structures that have no anchor.
constexpr std::array<std::string_view, 24> names {"password",
                                                  "PASSWORD=",
                                                  "--password=",
                                                  "secret_key",
                                                  "api_key",
                                                  "private-key",
                                                  "(1:d32:",
                                                  "(1:n257:",
                                                  "(1:p129:",
                                                  "-----BEGIN ",
                                                  "PRIVATE KEY-----\n",
                                                  "\"kty\":\"RSA\",\"d\":\"",
                                                  "<RSAKeyValue><D>",
                                                  "java/lang/String",
                                                  "javax/crypto/spec/SecretKeySpec",
                                                  "value",
                                                  "key",
                                                  "d",
                                                  "token",
                                                  "correct horse battery staple",
                                                  "Vq8Zp3Ld0Rt6Xw2K",
                                                  "AAAAC3NzaC1lZDI1NTE5AAAAI",
                                                  "\x30\x82\x02\x5c\x02\x01",
                                                  "\x04\x20"};

/// The anchors by which a detector finds its structures, and its walk begins.
std::vector<std::array<std::uint8_t, 4>> knownAnchors(const Detector& detector)
{
    std::vector<std::array<std::uint8_t, 4>> all;
    for (const ByteAnchor& anchor : anchorsOf(detector))
        all.push_back(anchor.value);
    if (!detector.newWalk)
        return all;
    const auto source = Source::fromBytes(asBytes("-"));
    Dump dump;
    dump.size = source->size();
    dump.modules.push_back({*AddressRange::make(0x1000, 0x1000), "libjvm.so", {}});
    const AddressSpace memory(dump.segments);
    const JobControl control;
    const WalkContext context {*source, dump, memory, control};
    const auto walk = detector.newWalk(dump);
    if (!walk)
        return all;
    walk->begin(context);
    if (const auto round = walk->newRound())
        for (const Anchor& anchor : round->anchors())
            all.push_back(anchor.value);
    return all;
}

/// A process' memory as the input says: words, references from place to place, names, anchors.
class Layout {
public:
    Layout(const Detector& detector, ByteView input)
        : m_in(input, ByteOrder::Little)
        , m_flags(m_in.u8())
        , m_image(wordSize(), order())
        , m_anchors(knownAnchors(detector))
    {
        constexpr std::array<std::string_view, 4> Modules {"", "libjvm.so", "node", "libruby.so"};
        m_image.begin(address(), std::string(Modules[m_flags >> 4U & 3U]));
        m_image.setAccess({true, (m_flags & 64U) == 0, false});
        while (m_in.ok() && m_in.left() > 0 && m_image.size() < largestImage)
            step();
        if (m_image.size() == 0)
            m_image.bytes().push_back(0);
        if ((m_flags & 128U) != 0)
            m_image.swapAt(m_image.size() / 2 & ~std::size_t {15});
    }

    /// Where memory begins: as a program has it, or low or on a border as a managed heap has it.
    std::uint64_t address() const
    {
        constexpr std::array<std::uint64_t, 4> Wide {MemoryImage::base, 0x80000000, 0x3f0000000000,
                                                     0xfffffffffff00000};
        constexpr std::array<std::uint64_t, 4> Narrow {0x8040000, 0x10000, 0x80000000, 0xfff00000};
        return (wordSize() == 8 ? Wide : Narrow)[m_flags >> 2U & 3U];
    }
    MemoryImage& image() { return m_image; }

private:
    unsigned wordSize() const { return (m_flags & 1U) != 0 ? 4 : 8; }
    ByteOrder order() const { return (m_flags & 2U) != 0 ? ByteOrder::Big : ByteOrder::Little; }

    void step()
    {
        switch (m_in.u8() % 8) {
        case 0:
            return append(m_in.bytes(std::min<std::uint64_t>(m_in.u8(), m_in.left())));
        case 1:
            return append(Bytes(m_in.u8(), 0));
        case 2: // a reference, perhaps with a tag
            return word(address() + m_in.u16() % largestImage, wordSize());
        case 3: // one of four bytes: from the border below, or in steps of eight
            return word((address() + m_in.u16() % largestImage) >> ((m_flags & 4U) != 0 ? 3 : 0),
                        4);
        case 4:
            return m_anchors.empty() ? void() : append(m_anchors[m_in.u8() % m_anchors.size()]);
        case 5:
            return append(asBytes(names[m_in.u8() % names.size()]));
        case 6:
            return word(m_in.u16(), wordSize());
        default:
            return append(Bytes(15 - (m_image.size() + 15) % 16, 0));
        }
    }

    void word(std::uint64_t value, unsigned size)
    {
        for (unsigned i = 0; i < size; ++i) {
            const unsigned shift = (order() == ByteOrder::Little ? i : size - 1 - i) * 8;
            m_image.bytes().push_back(static_cast<std::uint8_t>(value >> shift));
        }
    }

    void append(ByteView bytes)
    {
        m_image.bytes().insert(m_image.bytes().end(), bytes.begin(), bytes.end());
    }

    ByteReader m_in;
    unsigned m_flags;
    MemoryImage m_image;
    std::vector<std::array<std::uint8_t, 4>> m_anchors;
};

void checkPlaces(const Match& match, std::uint64_t size)
{
    require(match.rule != nullptr, "a match has a rule");
    require(match.spans.empty() != match.places.empty(), "a match has places of one kind");
    for (const Span& span : match.spans)
        require(span.begin < span.end && span.end <= size, "a span lies in the window");
    for (const FileRange& place : match.places)
        require(place.last() < size, "a place lies in the file");
}

void lookWith(const Detector& detector, ByteView input)
{
    Layout layout(detector, input);
    MemoryImage& image = layout.image();
    for (const std::size_t fresh : {largestImage * 2, smallFresh})
        for (const Match& match : matchesIn(detector, image.bytes(), fresh, layout.address()))
            checkPlaces(match, image.size());
    if (detector.newWalk)
        for (const Match& match : image.walk(detector))
            checkPlaces(match, image.size());
}

/// The first byte says which detector looks, the others what it looks at.
void fuzz(ByteView input)
{
    if (input.empty())
        return;
    for (std::size_t index = 0; index < detectors().size(); ++index)
        if (input[0] == everyDetector || input[0] % detectors().size() == index)
            lookWith(*detectors()[index], input.subspan(1));
}

/// For each detector its anchors, and all names, among references to them.
std::vector<Bytes> seeds()
{
    std::vector<Bytes> all;
    for (std::size_t index = 0; index < detectors().size(); ++index) {
        Bytes bytes {static_cast<std::uint8_t>(index), 0};
        const auto add = [&](std::initializer_list<std::size_t> steps) {
            for (const std::size_t step : steps)
                bytes.push_back(static_cast<std::uint8_t>(step));
        };
        for (std::size_t i = 0; i < knownAnchors(*detectors()[index]).size(); ++i)
            add({4, i, 5, 19, 6, 32, 0, 2, 32, 0, 7});
        for (std::size_t i = 0; i < names.size(); ++i)
            add({5, i, 1, 1, 5, 19, 7, 2, 16 * i, 0, 2, 16 * i + 32, 0, 3, 16 * i, 0, 6, i, 0, 7});
        all.push_back(std::move(bytes));
    }
    return all;
}

} // namespace

extern const FuzzTarget detectorsTarget;
const FuzzTarget detectorsTarget {"detectors", fuzz, seeds};

} // namespace coredact::test

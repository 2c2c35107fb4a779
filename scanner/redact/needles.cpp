// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/needles.h"

#include "scanner/base/distinctbytes.h"
#include "scanner/redact/needlekeys.h"
#include "scanner/redact/telling.h"
#include "scanner/redact/writings.h"
#include "scanner/scan/propagatepublic.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <tuple>

namespace coredact {

using namespace needlekeys;

namespace {

constexpr std::size_t wordyWindow = 16; ///< of what reads like words
constexpr std::size_t denseValue = 64; ///< of longer values every eighth window is encoded
constexpr std::size_t rareStep = 4; ///< windows between two that are written in rarer ways
constexpr std::size_t longestListed = 8192; ///< a value that somebody may print byte by byte

bool isAscii(ByteView bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte < 0x80; });
}

/// Turns each `size` neighbours round; what is missing of the first word is `none`.
template <typename Items>
Items wordsTurned(Items items, std::size_t size, typename Items::value_type none)
{
    items.insert(items.begin(), (size - items.size() % size) % size, none);
    for (std::size_t word = 0; word < items.size(); word += size)
        std::reverse(items.begin() + static_cast<std::ptrdiff_t>(word),
                     items.begin() + static_cast<std::ptrdiff_t>(word + size));
    return items;
}

template <typename Items> Items turned(Items items)
{
    std::reverse(items.begin(), items.end());
    return items;
}

} // namespace

/// A value in one order of its bytes, and what is known of each.
struct Needles::Plain {
    SecretBytes bytes;
    std::vector<bool> isPublic;
    std::vector<bool> isRandom; ///< see telling::randomRuns; empty for what is no text
    bool text;

    /// Whether so many bytes are there and none of them is public.
    bool isOwn(std::size_t at, std::size_t size) const
    {
        if (at + size > bytes.size())
            return false;
        const auto begin = isPublic.begin() + static_cast<std::ptrdiff_t>(at);
        return std::none_of(begin, begin + static_cast<std::ptrdiff_t>(size), std::identity {});
    }
    bool tells(std::size_t at) const
    {
        return isOwn(at, windowSize)
            && telling::isTelling(ByteView(bytes).subspan(at, windowSize), isRandomAt(at));
    }
    /// Whether all bytes of a window lie in random runs.
    bool isRandomAt(std::size_t at) const
    {
        if (isRandom.empty())
            return false;
        const auto begin = isRandom.begin() + static_cast<std::ptrdiff_t>(at);
        return std::all_of(begin, begin + windowSize, std::identity {});
    }
    bool tellsTogether(std::size_t at) const
    {
        return isOwn(at, wordyWindow)
            && telling::isTellingTogether(ByteView(bytes).subspan(at, wordyWindow));
    }
};

Needles::Needles(const CommonParts& common, const WordFilter* words)
    : m_common(&common)
    , m_words(words)
{
}

Needles::Needles(std::span<const SecretValue> values, const CommonParts& common)
    : Needles(common, nullptr)
{
    for (const SecretValue& value : values)
        add(value);
    build();
}

void Needles::add(const SecretValue& value)
{
    addValue(m_values, value.form, value.value);
    for (const DerivedValue& derived : value.derived)
        addValue(m_values, derived.form, derived.bytes);
    ++m_values;
}

void Needles::addValue(std::uint32_t value, ValueForm form, ByteView bytes)
{
    const bool text = form == ValueForm::Text;
    if (bytes.size() < windowSize) {
        if (text && bytes.size() >= wordKey)
            addWhole(value, bytes);
        return;
    }
    Plain plain {{bytes.begin(), bytes.end()}, publicParts(bytes, form), {}, text};
    if (text)
        plain.isRandom = telling::randomRuns(bytes, plain.isPublic);
    m_common->mark(bytes, plain.isPublic);
    addWindows(value, plain, "raw");
    addWindows(value, {turned(plain.bytes), turned(plain.isPublic), turned(plain.isRandom), text},
               "reversed");
    if (!text)
        addWords(value, plain);
    if (form == ValueForm::Number) {
        const SecretBytes digits = writings::pythonDigits(bytes);
        addWindows(value, {digits, std::vector<bool>(digits.size(), false), {}, false},
                   "python-int");
    }
    const bool isNoticed = addEncodings(value, plain);
    if (text && !isNoticed && bytes.size() < longest)
        addWhole(value, bytes);
    if (text && !isAscii(bytes))
        addForeign(value, plain);
    if (text || bytes.size() <= longestListed)
        addEscapes(value, plain);
}

/// A text that stands alone, however it reads; what it writes in base64 has digits beside it.
void Needles::addWhole(std::uint32_t value, ByteView text)
{
    constexpr std::size_t fewestInBase64 = 6; // bytes, and different ones
    const std::size_t distinct = distinctBytes(text);
    if (text.size() >= windowSize && distinct < 3)
        return; // a fill may be such a text
    const auto addIfFits
        = [&](const SecretBytes& written, std::string_view encoding, std::size_t beside) {
              if (written.size() >= windowSize && written.size() + beside <= longest)
                  add(value, written, encoding, beside);
          };
    add(value, text, "raw", 1);
    if (isAscii(text)) {
        for (const bool big : {false, true}) {
            addIfFits(writings::widened(text, 2, big), big ? "utf-16be" : "utf-16le", 2);
            addIfFits(writings::widened(text, 4, big), big ? "utf-32be" : "utf-32le", 4);
        }
    }
    for (const bool upper : {false, true})
        addIfFits(writings::hexOf(text, upper), "hex", 1);
    for (unsigned before = 0; before < 3 && distinct >= fewestInBase64; ++before)
        for (const bool url : {false, true})
            addIfFits(writings::base64Of(text, before, url), url ? "base64url" : "base64", 0);
    for (const writings::Escaped& escaped : writings::escapes())
        if (const SecretBytes written = escaped.write(text); written.size() > text.size())
            addIfFits(written, escaped.encoding, 1);
}

void Needles::addWords(std::uint32_t value, const Plain& plain)
{
    for (const auto& [size, swapped, limbs] :
         {std::tuple(std::size_t(4), "swapped", "limbs-32"),
          std::tuple(std::size_t(8), "swapped-64", "limbs-64")}) {
        const Plain words {
            wordsTurned(plain.bytes, size, 0), wordsTurned(plain.isPublic, size, true), {}, false};
        addWindows(value, words, swapped);
        addWindows(value, {turned(words.bytes), turned(words.isPublic), {}, false}, limbs);
    }
}

/// False where there is no piece to write.
bool Needles::addEncodings(std::uint32_t value, const Plain& plain)
{
    const std::size_t before = this->size();
    const std::size_t size = plain.bytes.size();
    const std::size_t step = size <= denseValue ? 1 : windowSize;
    // Base64 shares digits between bytes: of ten bytes at least twelve digits stand alone.
    for (std::size_t at = 0; at + windowSize + 2 <= size; at += step) {
        const ByteView bytes = plain.bytes;
        if (plain.tells(at + 1) && plain.isOwn(at, windowSize + 2)) {
            const ByteView window = bytes.subspan(at, windowSize + 2);
            addUsual(value, window, plain.text);
            if (size <= longestListed && (step != 1 || at % rareStep == 0))
                addRare(value, window, plain.text);
        } else if (plain.tellsTogether(at + 1) && plain.isOwn(at, wordyWindow + 2)) {
            addUsual(value, bytes.subspan(at, wordyWindow + 2), plain.text);
        }
    }
    return this->size() > before;
}

void Needles::addEscapes(std::uint32_t value, const Plain& plain)
{
    const ByteView bytes = plain.bytes;
    for (const writings::Escaped& escaped : writings::escapes()) {
        if (!plain.text && !escaped.forBytes)
            continue;
        // Where most of a value is escaped, the search takes no fragment that is shorter.
        const bool mostly = escaped.write(bytes).size() >= 2 * bytes.size();
        for (std::size_t at = 0; at + windowSize <= bytes.size(); ++at) {
            const std::size_t size = plain.tells(at) ? windowSize
                : plain.tellsTogether(at)            ? wordyWindow
                                                     : 0;
            const SecretBytes written = escaped.write(bytes.subspan(at, size));
            if (written.size() > size && written.size() <= longest
                && (!mostly || written.size() >= 2 * windowSize))
                add(value, written, escaped.encoding);
        }
    }
}

/// Of a text with more than ASCII, eight characters at a time. The search judges a fragment in
/// UTF-16 by the first byte of each, one in JSON by all.
void Needles::addForeign(std::uint32_t value, const Plain& plain)
{
    const ByteView bytes = plain.bytes;
    const std::vector<writings::Symbol> symbols = writings::symbolsOf(bytes);
    for (std::size_t at = 0; at + windowSize <= symbols.size(); ++at) {
        const auto window = std::span(symbols).subspan(at, windowSize);
        SecretBytes firsts;
        for (const writings::Symbol& symbol : window)
            firsts.push_back(bytes[symbol.begin]);
        const std::size_t begin = window.front().begin;
        const std::size_t end = window.back().begin + window.back().size;
        if (isAscii(firsts) || !plain.isOwn(begin, end - begin))
            continue;
        if (telling::isTelling(firsts, false))
            for (const std::size_t unit : {std::size_t {2}, std::size_t {4}})
                for (const bool big : {false, true})
                    add(value, writings::unitsOf(window, unit, big),
                        unit == 2 ? "utf-16" : "utf-32");
        if (plain.tells(begin))
            for (const bool upper : {false, true})
                if (const SecretBytes json = writings::jsonOf(window, upper);
                    json.size() >= 2 * windowSize && json.size() <= longest)
                    add(value, json, "json");
    }
}

void Needles::addWindows(std::uint32_t value, const Plain& plain, std::string_view encoding)
{
    const ByteView bytes = plain.bytes;
    for (std::size_t at = 0; at + windowSize <= bytes.size(); ++at) {
        if (plain.tells(at))
            add(value, bytes.subspan(at, windowSize), encoding);
        else if (plain.tellsTogether(at))
            add(value, bytes.subspan(at, wordyWindow), encoding);
    }
}

void Needles::addUsual(std::uint32_t value, ByteView window, bool text)
{
    const ByteView inner = window.subspan(1, window.size() - 2);
    if (text && isAscii(inner)) {
        add(value, writings::widened(inner, 2, false), "utf-16le");
        add(value, writings::widened(inner, 2, true), "utf-16be");
        add(value, writings::widened(inner, 4, false), "utf-32le");
        add(value, writings::widened(inner, 4, true), "utf-32be");
    }
    add(value, writings::hexOf(inner, false), "hex");
    add(value, writings::hexOf(inner, true), "hex");
    for (unsigned before = 0; before < 3; ++before) {
        add(value, writings::base64Of(window, before, false), "base64");
        add(value, writings::base64Of(window, before, true), "base64url");
    }
}

void Needles::addRare(std::uint32_t value, ByteView window, bool text)
{
    const ByteView eight = window.subspan(1, windowSize);
    for (const writings::Listed& list : writings::listsOf(eight))
        add(value, list.text, list.encoding);
    for (const bool big : {false, true}) {
        add(value, writings::widened(writings::hexOf(eight, false), 2, big), "hex in utf-16");
        add(value, writings::widened(writings::hexOf(eight, true), 2, big), "hex in utf-16");
    }
    for (unsigned before = 0; before < 3; ++before) {
        for (const bool url : {false, true}) {
            const SecretBytes digits = writings::base64Of(window, before, url);
            for (const bool big : {false, true})
                add(value, writings::widened(digits, 2, big), "base64 in utf-16");
            if (text && isAscii(window))
                add(value, writings::base64Of(writings::widened(window, 2, false), before, url),
                    "base64 of utf-16");
        }
    }
}

void Needles::add(std::uint32_t value, ByteView bytes, std::string_view encoding,
                  std::size_t beside)
{
    if (!mayStand(bytes)) {
        ++m_leftOut;
        return;
    }
    m_needles.push_back({keyOf(bytes, bytes.size() < windowSize ? wordKey : windowSize),
                         m_bytes.size(), value, static_cast<std::uint8_t>(bytes.size()),
                         static_cast<std::uint8_t>(beside), encoding});
    m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
}

/// Whether one of the pieces that it would be found by stands somewhere.
bool Needles::mayStand(ByteView needle) const
{
    if (!m_words || needle.size() < windowSize)
        return true;
    const WordFilter::Look words = m_words->look();
    for (std::size_t at = 0; at < probeStep; ++at)
        if (words.mayHold(pieceAt(needle.data() + at)))
            return true;
    return false;
}

void Needles::build()
{
    m_common = nullptr;
    m_words = nullptr;
    std::stable_sort(m_needles.begin(), m_needles.end(),
                     [](const Needle& one, const Needle& other) { return one.key < other.key; });
    m_keys.reserve(m_needles.size(), 28);
    for (const Needle& needle : m_needles)
        m_keys.add(needle.key);
    addPieces();
}

void Needles::addPieces()
{
    m_pieces.reserve(m_needles.size() * probeStep, 24);
    for (const Needle& needle : m_needles) {
        if (needle.size < windowSize) {
            m_wordKeys.push_back(needle.key);
            continue;
        }
        for (std::size_t at = 0; at < probeStep; ++at)
            m_pieces.add(pieceAt(m_bytes.data() + needle.offset + at));
    }
    m_wordKeys.erase(std::unique(m_wordKeys.begin(), m_wordKeys.end()), m_wordKeys.end());
    m_wordSet.reserve(m_wordKeys.size(), 20);
    for (const std::uint64_t key : m_wordKeys)
        m_wordSet.add(key);
}

} // namespace coredact

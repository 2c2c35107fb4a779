// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/unpackedsearch.h"

#include <algorithm>
#include <cstring>

namespace coredact {

namespace {

constexpr std::size_t firstSize = 1U << 12; ///< most of what looks like a stream is none
constexpr std::size_t outSize = 1U << 18;
constexpr std::size_t reach = 1U << 16; ///< what follows the place where a stream inside begins
constexpr std::size_t readable = 17; ///< bytes that may be looked at after the last one
constexpr std::uint64_t mostOfOne = 64U << 20;
/// Taken without anything given: zstd reads the zeros of a hole as empty blocks.
constexpr std::uint64_t mostBarren = 8U << 20;
constexpr std::uint64_t mostInside = 64U << 20;
constexpr std::uint64_t leastCost = 4096; ///< what one inside counts for, however little it gives
constexpr std::size_t leastWhole = 32; ///< unpacked bytes of a complete stream
/// Of one that is cut: packed bytes, and unpacked ones. Long runs take fewer of the former: one
/// that gives a whole window is none by chance, either.
constexpr std::size_t leastTaken = 256;
constexpr std::size_t leastGiven = 1024;
constexpr std::size_t leastLine = 40; ///< characters of a line that another one may follow

/// What stands in memory, once.
class BytesInMemory : public PackedBytes {
public:
    explicit BytesInMemory(ByteView bytes)
        : m_bytes(bytes)
    {
    }
    Result<ByteView> next() override { return std::exchange(m_bytes, {}); }

private:
    ByteView m_bytes;
};

/// 64 for what is no digit. Both alphabets.
unsigned digitValue(std::uint8_t byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return byte - 'A';
    if (byte >= 'a' && byte <= 'z')
        return byte - 'a' + 26;
    if (byte >= '0' && byte <= '9')
        return byte - '0' + 52;
    return byte == '+' || byte == '-' ? 62 : byte == '/' || byte == '_' ? 63 : 64;
}

} // namespace

Base64Bytes::Base64Bytes(PackedBytes& text)
    : m_text(text)
{
}

bool Base64Bytes::isDigit(std::uint8_t byte) { return digitValue(byte) < 64; }

Result<ByteView> Base64Bytes::next()
{
    m_bytes.clear();
    while (m_bytes.empty() && !m_over) {
        const auto text = m_text.next();
        if (!text)
            return text.error();
        m_over = text->empty()
            || !std::all_of(text->begin(), text->end(), [this](auto byte) { return take(byte); });
        if (m_over)
            finish();
    }
    return ByteView(m_bytes);
}

/// False where the text ends.
bool Base64Bytes::take(std::uint8_t byte)
{
    if (byte == '\n' || byte == '\r') {
        const bool ends = m_carriage ? byte == '\r' : m_line < leastLine;
        m_carriage = byte == '\r';
        m_line = m_carriage ? m_line : 0;
        return !ends;
    }
    if (m_carriage || !isDigit(byte))
        return false;
    ++m_line;
    m_bits = m_bits << 6 | digitValue(byte);
    if (++m_digits == 4) {
        for (const unsigned shift : {16U, 8U, 0U})
            m_bytes.push_back(static_cast<std::uint8_t>(m_bits >> shift));
        m_digits = 0;
    }
    return true;
}

/// What a group that is not whole stands for.
void Base64Bytes::finish()
{
    const std::uint32_t bits = m_bits << (4 - m_digits) * 6;
    for (unsigned i = 1; i < m_digits; ++i)
        m_bytes.push_back(static_cast<std::uint8_t>(bits >> (24 - 8 * i)));
}

bool mayBeginPackedText(ByteView bytes, std::size_t at)
{
    const std::uint8_t before = at > 0 ? bytes[at - 1] : '\n';
    if (Base64Bytes::isDigit(before) || before == '\r' || before == '\n' || before == '\t'
        || before == ' ')
        return false;
    const std::string_view text = asText(bytes.subspan(at));
    return text.starts_with("H4sI") || text.starts_with("KLUv") // gzip, zstd
        || text.starts_with("UEsDB") // zip
        || text.starts_with("eJ") || text.starts_with("eN"); // zlib, the usual levels
}

/// What a stream gives, a window at a time.
class UnpackedSearch::Window {
public:
    Window(PackedBytes& packed, ByteView head, unpacking::Codec& codec)
        : m_packed(packed)
        , m_in(head)
        , m_codec(codec)
        , m_out(firstSize + readable)
    {
    }

    /// Unpacks until the window is full or the stream is over.
    Status fill()
    {
        while (!m_over && m_filled < outSize) {
            if (m_in.empty()) {
                const auto next = m_packed.next();
                if (!next)
                    return next.error();
                m_in = *next;
            }
            if (m_filled + readable == m_out.size())
                m_out.resize(outSize + readable);
            step();
        }
        std::memset(m_out.data() + m_filled, 0, readable);
        return {};
    }
    /// Forgets what was looked at; false where there is no more.
    bool next()
    {
        if (m_over)
            return false;
        const std::size_t spent = std::min(needlesEnd(), streamsEnd()) - 1;
        m_needlesBegin = needlesEnd() - spent;
        m_streamsBegin = streamsEnd() - spent;
        std::memmove(m_out.data(), m_out.data() + spent, m_filled - spent);
        m_filled -= spent;
        return true;
    }

    ByteView bytes() const { return ByteView(m_out).first(m_filled); }
    // What begins before these ends is complete, or the stream is over.
    std::size_t needlesBegin() const { return m_needlesBegin; }
    std::size_t needlesEnd() const { return m_over ? m_filled : m_filled - Needles::longest; }
    std::size_t streamsBegin() const { return m_streamsBegin; }
    std::size_t streamsEnd() const { return m_over ? m_filled : m_filled - reach; }

    std::uint64_t given() const { return m_given; }
    std::uint64_t cost() const { return std::max(m_given, m_taken); }
    bool ended() const { return m_ended; }
    bool failed() const { return m_failed; }
    bool isStream() const
    {
        if (m_ended)
            return m_given >= leastWhole;
        return m_given >= outSize || (m_taken >= leastTaken && m_given >= leastGiven);
    }

private:
    void step()
    {
        const auto room = static_cast<std::size_t>(
            std::min<std::uint64_t>(m_out.size() - readable - m_filled, mostOfOne - m_given));
        const auto step = m_codec.step(m_in, MutableByteView(m_out).subspan(m_filled, room));
        m_in = m_in.subspan(step.taken);
        m_taken += step.taken;
        m_given += step.given;
        m_barren = step.given == 0 ? m_barren + step.taken : 0;
        m_filled += step.given;
        m_ended = step.ended;
        m_failed = step.failed;
        m_over = step.ended || step.failed || (step.taken == 0 && step.given == 0)
            || m_given >= mostOfOne || m_barren > mostBarren;
    }

    PackedBytes& m_packed;
    ByteView m_in;
    unpacking::Codec& m_codec;
    SecretBytes m_out;
    std::size_t m_filled = 0;
    std::size_t m_needlesBegin = 0;
    std::size_t m_streamsBegin = 0;
    std::uint64_t m_taken = 0;
    std::uint64_t m_given = 0;
    std::uint64_t m_barren = 0;
    bool m_ended = false;
    bool m_failed = false;
    bool m_over = false;
};

UnpackedSearch::UnpackedSearch(const Seeker& seeker, int readings)
    : UnpackedSearch(seeker, readings, m_ownInside)
{
}

UnpackedSearch::UnpackedSearch(const Seeker& seeker, int readings, std::uint64_t& inside)
    : m_seeker(seeker)
    , m_readings(readings + 1)
    , m_ownInside(mostInside)
    , m_inside(inside)
{
}

Result<UnpackedSearch::Seen> UnpackedSearch::look(PackedBytes& packed)
{
    Seen seen;
    const auto head = packed.next();
    if (!head)
        return head.error();
    const auto [name, codec] = unpacking::open(*head);
    if (!codec)
        return seen;
    Window window(packed, *head, *codec);
    do {
        if (const Status filled = window.fill(); !filled)
            return filled.error();
        seen.isStream = window.isStream();
        if (seen.isStream)
            seen.left = firstNeedle(window);
    } while (seen.isStream && !seen.left && !lookInside(window, seen) && window.next());
    seen.cost = window.cost();
    seen.cut = !window.ended() && !window.failed();
    seen.all = seen.all && window.given() < mostOfOne;
    seen.name = std::string(name) + (seen.name.empty() ? "" : "+") + seen.name;
    return seen;
}

std::optional<Needles::Match> UnpackedSearch::firstNeedle(const Window& window) const
{
    const ByteView bytes = window.bytes();
    std::vector<std::uint32_t> candidates;
    m_seeker.candidates(bytes.data(), window.needlesBegin(), window.needlesEnd(), candidates);
    for (const std::uint32_t at : candidates)
        if (const auto match = m_seeker.at(bytes, at))
            return match;
    return std::nullopt;
}

/// Whether a needle stands in a stream inside; `seen` then tells which.
bool UnpackedSearch::lookInside(const Window& window, Seen& seen)
{
    if (m_readings >= deepest)
        return false;
    std::vector<std::size_t> positions;
    unpacking::findMagics(window.bytes().data(), window.streamsBegin(), window.streamsEnd(),
                          positions);
    return std::any_of(positions.begin(), positions.end(),
                       [&](std::size_t at) { return lookInto(window.bytes(), at, seen); });
}

bool UnpackedSearch::lookInto(ByteView bytes, std::size_t at, Seen& seen)
{
    const bool inText = unpacking::isTextMagic(bytes[at]);
    const int readings = m_readings + (inText ? 1 : 0);
    if (m_inside == 0)
        seen.all = false;
    if (m_inside == 0 || readings >= deepest || (inText && !mayBeginPackedText(bytes, at)))
        return false;
    BytesInMemory memory(bytes.subspan(at));
    Base64Bytes text(memory);
    UnpackedSearch inner(m_seeker, readings, m_inside);
    const auto found = inner.look(inText ? static_cast<PackedBytes&>(text) : memory);
    // One that does not end here may give the scan far more, which then leaves others.
    const std::uint64_t cost = found->cut ? m_inside : std::max(found->cost, leastCost);
    seen.all = seen.all && found->all && (cost < m_inside || !found->isStream);
    m_inside -= std::min(m_inside, cost);
    if (!found->left)
        return false;
    seen.left = found->left;
    seen.name = (inText ? "base64+" : "") + found->name;
    return true;
}

} // namespace coredact

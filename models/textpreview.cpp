// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/textpreview.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t mostBefore = 384; ///< bytes
constexpr std::uint64_t mostAfter = 768;
constexpr int mostDots = 18;
constexpr int leastWords = 4; ///< fewer readable characters around a secret say nothing

struct Surroundings {
    std::uint64_t offset = 0;
    SecureBuffer bytes;
    std::size_t focusBegin = 0; ///< of the occurrence's first piece
    std::size_t focusEnd = 0;
    std::size_t unit = 1; ///< bytes of a character
};

bool readable(std::uint32_t character)
{
    return character == '\t' || character == '\n' || character == '\r'
        || (character >= 0x20 && character < 0x7f);
}

/// The character at `at`, or 0 for what is no text.
std::uint32_t characterAt(const Surroundings& around, std::size_t at)
{
    const ByteView bytes = around.bytes.bytes();
    if (at + around.unit > bytes.size())
        return 0;
    for (std::size_t high = 1; high < around.unit; ++high) {
        if (bytes[at + high] != 0)
            return 0;
    }
    return readable(bytes[at]) ? bytes[at] : 0;
}

std::size_t textBegin(const Surroundings& around)
{
    std::size_t begin = around.focusBegin;
    while (begin >= around.unit && characterAt(around, begin - around.unit) != 0)
        begin -= around.unit;
    return begin;
}

std::size_t textEnd(const Surroundings& around)
{
    std::size_t end = around.focusEnd;
    while (characterAt(around, end) != 0)
        end += around.unit;
    return end;
}

/// The most severe mark over a byte, or null.
const Mark* markAt(std::span<const Mark> marks, std::uint64_t offset)
{
    const Mark* best = nullptr;
    for (const Mark& mark : marks) {
        if (mark.file.contains(offset) && (!best || mark.severity < best->severity))
            best = &mark;
    }
    return best;
}

class Writer {
public:
    explicit Writer(TextPreview& preview)
        : m_preview(preview)
    {
    }
    int words() const { return m_words; }

    void show(std::uint32_t character)
    {
        m_dots = 0;
        if (character == '\r')
            return;
        m_words += character > ' ' ? 1 : 0;
        m_preview.text += QChar(static_cast<char16_t>(character));
    }
    void hide(Severity severity)
    {
        if (m_dots++ >= mostDots)
            return;
        if (m_dots == 1)
            m_preview.masks.push_back({static_cast<int>(m_preview.text.size()), 0, severity});
        m_preview.text += QChar(0x2022);
        ++m_preview.masks.back().length;
    }

private:
    TextPreview& m_preview;
    int m_dots = 0;
    int m_words = 0;
};

void writeMasked(const Surroundings& around, const Marks& marks, TextPreview& preview)
{
    const std::size_t begin = textBegin(around);
    const std::size_t end = textEnd(around);
    const auto near = marks.near(around.offset + begin, around.offset + end);
    Writer writer(preview);
    for (std::size_t at = begin; at < end; at += around.unit) {
        const std::uint64_t offset = around.offset + at;
        const Mark* mark = markAt(near, offset);
        const std::uint32_t character = characterAt(around, at);
        const bool focus = at >= around.focusBegin && at < around.focusEnd;
        if (!mark && !focus) {
            writer.show(character);
            continue;
        }
        // A public prefix is looked for where the secret begins.
        const std::uint64_t first = mark ? mark->file.first() : around.offset + around.focusBegin;
        const bool whole = first >= around.offset && (!mark || mark->first);
        const std::size_t prefix = whole
            ? publicPrefix(around.bytes.bytes().subspan(
                static_cast<std::size_t>(first - around.offset)))
            : 0;
        if (character != 0 && offset - first < prefix)
            writer.show(character);
        else
            writer.hide(mark ? mark->severity : Severity::High);
    }
    if (writer.words() < leastWords)
        preview = {};
}

std::size_t unitOf(const std::string& encoding)
{
    if (encoding.find("utf-16le") != std::string::npos)
        return 2;
    return encoding.find("utf-32le") != std::string::npos ? 4 : 1;
}

} // namespace

bool textPreview(ByteCache& bytes, const Marks& marks, const Finding& finding,
                 const Occurrence& occurrence, TextPreview& preview)
{
    preview = {};
    if (occurrence.pieces.empty())
        return true;
    const FileRange focus = occurrence.pieces.front().file;
    Surroundings around;
    around.unit = unitOf(occurrence.encoding);
    std::uint64_t before = std::min(focus.first(), mostBefore);
    before -= before % around.unit;
    around.offset = focus.first() - before;
    const std::uint64_t room = bytes.fileSize() - around.offset;
    const std::uint64_t shown = std::min<std::uint64_t>(focus.size(), 8192);
    around.bytes = SecureBuffer(
        static_cast<std::size_t>(std::min<std::uint64_t>(room, before + shown + mostAfter)));
    around.focusBegin = static_cast<std::size_t>(before);
    around.focusEnd = static_cast<std::size_t>(before + shown);
    if (!bytes.read(around.offset, around.bytes.bytes()))
        return false;

    const ByteView secret
        = ByteView(around.bytes.bytes()).subspan(around.focusBegin, static_cast<std::size_t>(shown));
    if (around.unit == 1 && occurrence.encoding == "raw" && asText(secret).starts_with("eyJ"))
        preview = jwtPreview(secret, finding.severity);
    if (preview.text.isEmpty())
        writeMasked(around, marks, preview);
    if (preview.syntax.isEmpty())
        preview.syntax = syntaxOf(preview.text);
    return true;
}

QString syntaxOf(const QString& text)
{
    const QString start = text.trimmed().left(64);
    if (start.startsWith(QLatin1Char('{')) || start.startsWith(QLatin1Char('['))
        || text.contains(QLatin1String("\":")))
        return QStringLiteral("JSON");
    if (start.startsWith(QLatin1Char('<')))
        return QStringLiteral("XML");
    if (text.contains(QLatin1String("HTTP/")) || text.contains(QLatin1String("Authorization:"))
        || text.contains(QLatin1String("Cookie:")))
        return QStringLiteral("Email");
    if (text.contains(QLatin1Char('=')))
        return QStringLiteral("INI Files");
    if (text.contains(QLatin1String(": ")))
        return QStringLiteral("YAML");
    return {};
}

} // namespace coredact

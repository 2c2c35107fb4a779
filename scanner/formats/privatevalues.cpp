// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/privatevalues.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t LongestName = 256; ///< letters of a variable's or option's name

/// Letters of a text by number; what is no ASCII letter reads as 1.
class Letters {
public:
    Letters(ByteView text, const TextForm& form)
        : m_text(text)
        , m_form(form)
    {
    }

    std::uint64_t count() const { return m_text.size() / m_form.unit; }

    char operator[](std::uint64_t index) const
    {
        const auto at = static_cast<std::size_t>(index * m_form.unit);
        if (m_form.unit == 1)
            return static_cast<char>(m_text[at]);
        const bool little = m_form.order == ByteOrder::Little;
        const std::uint8_t high = m_text[at + (little ? 1 : 0)];
        return high == 0 ? static_cast<char>(m_text[at + (little ? 0 : 1)]) : '\x01';
    }

    /// The first one behind the text that begins at `index`: a separator outside quotes, a NUL.
    std::uint64_t endOf(std::uint64_t index) const
    {
        bool quoted = false;
        for (; index < count(); ++index) {
            const char letter = (*this)[index];
            if (letter == '\0' || (letter == m_form.separator && !quoted))
                break;
            quoted = quoted != (letter == '"' && m_form.separator != '\0');
        }
        return index;
    }

    TextPart part(std::uint64_t begin, std::uint64_t end) const
    {
        return {begin * m_form.unit, end * m_form.unit};
    }

private:
    ByteView m_text;
    TextForm m_form;
};

bool inName(char letter)
{
    return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z')
        || (letter >= 'a' && letter <= 'z')
        || std::string_view("_-.()").find(letter) != std::string_view::npos;
}

/// Behind "NAME=" at the beginning of [begin, end); `begin` where there is no name.
std::uint64_t behindName(const Letters& letters, std::uint64_t begin, std::uint64_t end)
{
    std::uint64_t at = begin;
    const std::uint64_t last = std::min(end, begin + LongestName);
    // Windows keeps the current folder of each drive: "=C:=C:\folder".
    const bool drive = begin < end && letters[begin] == '=';
    while (at < last && (inName(letters[at]) || (drive && (at == begin || letters[at] == ':'))))
        ++at;
    return at > begin && at < end && letters[at] == '=' ? at + 1 : begin;
}

} // namespace

std::vector<TextPart> environmentValues(ByteView text, const TextForm& form)
{
    const Letters letters(text, form);
    std::vector<TextPart> values;
    for (std::uint64_t begin = 0; begin < letters.count();) {
        const std::uint64_t end = letters.endOf(begin);
        const std::uint64_t value = behindName(letters, begin, end);
        if (value < end)
            values.push_back(letters.part(value, end));
        begin = end + 1;
    }
    return values;
}

std::vector<TextPart> argumentValues(ByteView text, const TextForm& form)
{
    const Letters letters(text, form);
    std::vector<TextPart> values;
    bool program = true;
    for (std::uint64_t begin = 0; begin < letters.count();) {
        const std::uint64_t end = letters.endOf(begin);
        const std::uint64_t value = behindName(letters, begin, end);
        const bool option = value == begin && begin < end && letters[begin] == '-';
        if (value < end && !option && !program)
            values.push_back(letters.part(value, end));
        program = program && begin == end;
        begin = end + 1;
    }
    return values;
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace coredact {

/// One character that is written with several.
struct Escape {
    std::size_t size = 0; ///< characters, the mark included; 0: it is none
    std::uint8_t value = 0; ///< 0xff for what is no byte: it ends every token
    std::uint32_t code = 0; ///< of the character, or of a unit of UTF-16
};

/// The byte that a backslash and this character stand for; none where digits follow, or they
/// stand for nothing.
std::optional<std::uint8_t> namedEscape(std::uint8_t name);
/// The byte that a character reference of HTML stands for, "amp" or "quot".
std::optional<std::uint8_t> namedReference(std::string_view name);

/// The value of a hex digit; -1 where it is none.
inline int hexDigit(int character)
{
    const int lower = character | 0x20;
    return character >= '0' && character <= '9' ? character - '0'
        : lower >= 'a' && lower <= 'f'          ? lower - 'a' + 10
                                                : -1;
}

/// Reads the characters after a mark one by one.
template <typename Next> class EscapeReader {
public:
    /// `next` gives the next character, -1 where there is none.
    explicit EscapeReader(Next& next)
        : m_next(next)
    {
    }

    /// `mark`: '%', '&' or '\'.
    Escape read(int mark)
    {
        return mark == '%' ? fixed(2) : mark == '&' ? reference() : backslash();
    }
    /// The character after the escape, where it had to be looked at; -1 where not.
    int spare() const { return m_spare; }

private:
    int next()
    {
        ++m_size;
        return m_next();
    }
    Escape made(unsigned value) const
    {
        return {m_size, static_cast<std::uint8_t>(value < 0x100 ? value : 0xff), value};
    }

    Escape fixed(unsigned digits, unsigned value = 0)
    {
        for (; digits > 0; --digits) {
            const int digit = hexDigit(next());
            if (digit < 0)
                return {};
            value = value * 16 + static_cast<unsigned>(digit);
        }
        return made(value);
    }

    /// Digits up to the character that ends them.
    Escape upTo(int end, unsigned base, int first)
    {
        constexpr unsigned most = 0x10ffff;
        unsigned value = 0;
        bool any = false;
        for (int character = first;; character = next()) {
            if (character == end)
                return any ? made(value) : Escape {};
            const int digit = hexDigit(character);
            if (digit < 0 || static_cast<unsigned>(digit) >= base || value > most)
                return {};
            value = value * base + static_cast<unsigned>(digit);
            any = true;
        }
    }

    Escape reference()
    {
        int character = next();
        if (character == '#') {
            character = next();
            return (character | 0x20) == 'x' ? upTo(';', 16, next()) : upTo(';', 10, character);
        }
        std::array<char, 8> name {};
        for (std::size_t size = 0; size < name.size(); ++size, character = next()) {
            if (character == ';') {
                const auto value = namedReference({name.data(), size});
                return value ? made(*value) : Escape {};
            }
            if (((character | 0x20) < 'a' || (character | 0x20) > 'z') || character < 0)
                return {};
            name[size] = static_cast<char>(character);
        }
        return {};
    }

    Escape backslash()
    {
        const int name = next();
        if (name == 'u' || name == 'x') {
            const int first = next();
            if (first == '{')
                return upTo('}', 16, next());
            const int digit = hexDigit(first);
            return digit < 0 ? Escape {} : fixed(name == 'u' ? 3 : 1, static_cast<unsigned>(digit));
        }
        if (name >= '0' && name <= '7')
            return octal(static_cast<unsigned>(name - '0'));
        const auto value = name < 0 ? std::nullopt : namedEscape(static_cast<std::uint8_t>(name));
        return value ? made(*value) : Escape {};
    }

    Escape octal(unsigned value)
    {
        for (int digits = 1; digits < 3; ++digits) {
            const int character = next();
            if (character < '0' || character > '7') {
                m_spare = character;
                --m_size;
                break;
            }
            value = value * 8 + static_cast<unsigned>(character - '0');
        }
        return value < 0x100 ? made(value) : Escape {};
    }

    Next& m_next;
    std::size_t m_size = 1;
    int m_spare = -1;
};

} // namespace coredact

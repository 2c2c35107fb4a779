// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/rules/tableimage.h"

#include <functional>

namespace coredact::test {

inline constexpr std::uint64_t isTuple = 1 << 26;
inline constexpr std::uint64_t madeAtRunTime = 1 << 9;

/// As of 3.12 and later; `state`: of a text that no code has for a name of its own.
inline Bytes text(const std::string& of, std::uint64_t state = 0x64)
{
    return withText(words({1, type, of.size(), hash, state}), of);
}

/// Memory of a Python process. A test may break each part before it is put: it is known by its
/// name.
class Python {
public:
    using Change = std::function<void(Bytes&)>;

    explicit Python(const std::string& part = {}, Change change = {})
        : m_part(part)
        , m_change(std::move(change))
    {
        m_image.pad(5000);
        tupleType = putType(24, 8, isTuple);
        name = put("name", text("db_password"));
        value = put("value", text(secret));
    }

    std::uint64_t put(const std::string& part, Bytes bytes)
    {
        if (m_change && part == m_part)
            m_change(bytes);
        return m_image.put(bytes);
    }

    /// A type: size of its objects and of their items, flags, what is above it, its dict.
    std::uint64_t putType(std::uint64_t size, std::uint64_t item, std::uint64_t flags,
                          std::uint64_t above = 0, std::uint64_t dict = 0)
    {
        Bytes bytes(512);
        setWord(bytes, 32, size);
        setWord(bytes, 40, item);
        setWord(bytes, 168, flags);
        setWord(bytes, 256, above);
        setWord(bytes, 264, dict);
        return put("type", bytes);
    }

    std::uint64_t putTuple(const std::string& part, const std::vector<std::uint64_t>& items,
                           std::uint64_t ofType = 0)
    {
        Bytes bytes = words({1, ofType != 0 ? ofType : tupleType, items.size()});
        for (const std::uint64_t item : items) {
            const Bytes word = words({item});
            bytes.insert(bytes.end(), word.begin(), word.end());
        }
        return put(part, bytes);
    }

    /// Three names; the last one is that of a free variable, the first that of an argument.
    std::uint64_t putCode(bool is311, std::size_t number)
    {
        std::vector<std::uint64_t> names(3, put("", text("host", 0x65)));
        names[number] = name;
        const auto tuple = putTuple("names", names);
        const auto kinds = put("kinds", withText(words({1, type, 3, hash}), "   "));
        Bytes bytes(200);
        setWord(bytes, is311 ? 56 : 52, 2, 4); // arguments
        setWord(bytes, is311 ? 76 : 72, 3, 4); // names
        setWord(bytes, is311 ? 92 : 88, 1, 4); // free ones
        setWord(bytes, 96, tuple);
        setWord(bytes, 104, kinds);
        return put("code", bytes);
    }

    /// Up to 3.10: two local names (one an argument), a cell, a free one.
    std::uint64_t putOldCode(std::size_t number)
    {
        std::vector<std::uint64_t> names(4, put("", text("host", 0x65)));
        names[number] = name;
        Bytes bytes(176);
        setWord(bytes, 16, 1, 4);
        setWord(bytes, 28, 2, 4);
        setWord(bytes, 72, putTuple("names", {names[0], names[1]}));
        setWord(bytes, 80, putTuple("free", {names[3]}));
        setWord(bytes, 88, putTuple("cells", {names[2]}));
        return put("code", bytes);
    }

    std::uint64_t putCell(std::uint64_t of)
    {
        return put("cell", words({1, putType(24, 0, 0), of}));
    }

    /// A function with defaults for its arguments and with free variables.
    std::uint64_t putFunction(std::uint64_t code, std::size_t codeAt, std::uint64_t defaults = 0,
                              std::uint64_t closure = 0)
    {
        Bytes bytes(144);
        setWord(bytes, codeAt, code);
        setWord(bytes, codeAt == 48 ? 56 : 32, defaults);
        setWord(bytes, codeAt == 48 ? 72 : 48, closure);
        return put("function", bytes);
    }

    /// A call with the values of its variables.
    void putCall(bool is311, std::uint64_t code, std::uint64_t function, std::size_t number)
    {
        Bytes bytes(120);
        setWord(bytes, is311 ? 0 : 16, function);
        setWord(bytes, is311 ? 32 : 0, code);
        setWord(bytes, 72 + 8 * number, value);
        put("call", bytes);
    }

    /// The call stands apart, as an object.
    void putOldCall(std::uint64_t code, std::size_t number, std::size_t head)
    {
        Bytes bytes(head + 32);
        setWord(bytes, 32, code);
        setWord(bytes, head + 8 * number, value);
        const auto address = put("call", bytes);
        setWord(bytes, 64, address + head + 32);
        change("end", bytes);
        std::copy(bytes.begin(), bytes.end(),
                  m_image.bytes().end() - static_cast<std::ptrdiff_t>(bytes.size()));
    }

    void change(const std::string& part, Bytes& bytes)
    {
        if (m_change && part == m_part)
            m_change(bytes);
    }

    /// The keys of a dict with one name.
    std::uint64_t putKeys(std::uint64_t of, std::uint64_t valueOf)
    {
        Bytes bytes = words({1, 0x10303, 4, 1});
        Bytes numbers(8, 0xff);
        numbers[hash % 8] = 0;
        bytes.insert(bytes.end(), numbers.begin(), numbers.end());
        const Bytes entry = words({of, valueOf, 0, 0});
        bytes.insert(bytes.end(), entry.begin(), entry.end());
        return put("keys", bytes);
    }

    bool tells(std::size_t header = 40)
    {
        m_image.pad(5000);
        return told(m_image) == Places {m_image.fileOffsetOf(value) + header};
    }
    bool tellsNothing()
    {
        m_image.pad(5000);
        return m_image.walk(tablesecretsDetector).empty();
    }

    std::uint64_t tupleType = 0;
    std::uint64_t name = 0;
    std::uint64_t value = 0;

private:
    MemoryImage m_image;
    std::string m_part;
    Change m_change;
};

} // namespace coredact::test

// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/hprof.h"

#include "scanner/base/memoryword.h"

#include <algorithm>

namespace coredact::hprof {

namespace {

enum Type : std::uint8_t { Object = 2, Boolean = 4, Char, Float, Double, Byte, Short, Int, Long };

/// 0 for what is no type.
std::size_t sizeOf(std::uint8_t type)
{
    switch (type) {
    case Boolean:
    case Byte:
        return 1;
    case Char:
    case Short:
        return 2;
    case Float:
    case Int:
        return 4;
    case Object:
    case Double:
    case Long:
        return 8;
    default:
        return 0;
    }
}

/// Reads numbers one after the other; once the bytes are over, or a type was none, it failed.
class Numbers {
public:
    explicit Numbers(ByteView bytes)
        : m_left(bytes)
    {
    }
    std::uint64_t next(std::size_t size)
    {
        const std::uint64_t number
            = m_failed || size > m_left.size() ? 0 : numberOf(m_left.first(size), ByteOrder::Big);
        skip(size);
        return number;
    }
    void skip(std::size_t size)
    {
        m_failed = m_failed || size > m_left.size();
        m_left = m_left.subspan(std::min(size, m_left.size()));
    }
    std::uint8_t type()
    {
        const auto type = static_cast<std::uint8_t>(next(1));
        m_failed = m_failed || sizeOf(type) == 0;
        return type;
    }
    bool failed() const { return m_failed; }
    ByteView left() const { return m_left; }

private:
    ByteView m_left;
    bool m_failed = false;
};

void readStatics(Numbers& in, ClassRecord& record)
{
    for (std::uint64_t left = in.next(2); left > 0 && !in.failed(); --left) {
        const std::uint64_t name = in.next(8);
        const std::uint8_t type = in.type();
        const std::uint64_t value = in.next(sizeOf(type));
        if (type == Object)
            record.statics.push_back({name, value});
    }
}

void readFields(Numbers& in, ClassRecord& record)
{
    for (std::uint64_t left = in.next(2); left > 0 && !in.failed(); --left) {
        const std::uint64_t name = in.next(8);
        const std::uint8_t type = in.type();
        if (type == Object)
            record.fields.push_back({name, record.size});
        record.size += static_cast<std::uint32_t>(sizeOf(type));
    }
}

} // namespace

std::optional<TextRecord> textAt(ByteView bytes, std::size_t longest)
{
    Numbers in(bytes);
    if (in.next(1) != Text)
        return std::nullopt;
    in.skip(4); // time
    const std::uint64_t size = in.next(4);
    const std::uint64_t id = in.next(8);
    if (in.failed() || size < 8 || size - 8 > longest || size - 8 > in.left().size())
        return std::nullopt;
    return TextRecord {id, asText(in.left().first(static_cast<std::size_t>(size - 8)))};
}

std::optional<ClassRecord> classAt(ByteView bytes)
{
    Numbers in(bytes);
    if (in.next(1) != Class)
        return std::nullopt;
    ClassRecord record;
    record.id = in.next(8);
    in.skip(4); // stack
    record.super = in.next(8);
    in.skip(std::size_t {3} * 8); // loader, signers, domain
    if (in.next(8) != 0 || in.next(8) != 0 || record.id == 0)
        return std::nullopt;
    in.skip(4); // size of an instance
    for (std::uint64_t left = in.next(2); left > 0 && !in.failed(); --left) {
        in.skip(2);
        in.skip(sizeOf(in.type()));
    }
    readStatics(in, record);
    readFields(in, record);
    return in.failed() ? std::nullopt : std::optional(std::move(record));
}

std::optional<InstanceRecord> instanceAt(ByteView bytes)
{
    Numbers in(bytes);
    if (in.next(1) != Instance)
        return std::nullopt;
    InstanceRecord record;
    record.id = in.next(8);
    in.skip(4); // stack
    record.type = in.next(8);
    const std::uint64_t size = in.next(4);
    if (in.failed() || size > in.left().size())
        return std::nullopt;
    record.fields = in.left().first(static_cast<std::size_t>(size));
    return record;
}

std::optional<ArrayRecord> arrayAt(ByteView bytes)
{
    Numbers in(bytes);
    if (in.next(1) != Array)
        return std::nullopt;
    ArrayRecord record;
    record.id = in.next(8);
    in.skip(4); // stack
    record.count = static_cast<std::uint32_t>(in.next(4));
    const std::uint8_t type = in.type();
    if (in.failed() || (type != Byte && type != Char))
        return std::nullopt;
    record.width = sizeOf(type);
    return record;
}

} // namespace coredact::hprof

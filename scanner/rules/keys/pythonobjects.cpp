// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/pythonobjects.h"

#include "scanner/base/memoryword.h"
#include "scanner/base/securebuffer.h"
#include "scanner/rules/keys/pythonattributes.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::uint64_t longestText = 4096; ///< that is looked at
constexpr std::size_t longHead = 48; ///< of a str, up to 3.11

std::uint64_t wordAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint64_t>(bytes.data() + at);
}

/// The bytes of a bytearray: count, type, length, room, its memory, where in that it begins.
std::optional<TextPlace> textOfArray(const MemoryReader& memory, std::uint64_t address)
{
    std::array<std::uint8_t, 56> object {};
    if (!memory.read(address, object))
        return std::nullopt;
    const std::uint64_t size = wordAt(object, 16);
    const std::uint64_t room = wordAt(object, 24);
    const std::uint64_t skipped = wordAt(object, 40) - wordAt(object, 32);
    if (room <= size || skipped >= room - size)
        return std::nullopt;
    return TextPlace {wordAt(object, 40), size};
}

/// What a memoryview is of: its beginning, the object, its length.
std::optional<TextPlace> textOfView(const MemoryReader& memory, std::uint64_t address)
{
    std::array<std::uint8_t, 24> view {};
    if (!memory.read(address + 56, view) || wordAt(view, 16) > longestText)
        return std::nullopt;
    return TextPlace {wordAt(view, 0), wordAt(view, 16)};
}

/// The text in a buffer of ctypes, up to its NUL: count, type, memory, whether that is its own,
/// whose it is otherwise, size, items.
std::optional<TextPlace> textOfBuffer(const MemoryReader& memory, std::uint64_t address)
{
    std::array<std::uint8_t, 56> object {};
    if (!memory.read(address, object))
        return std::nullopt;
    const std::uint64_t size = wordAt(object, 40);
    if (size == 0 || size > longestText || wordAt(object, 48) != size
        || littleWord<std::uint32_t>(object.data() + 24) > 1)
        return std::nullopt;
    SecretBytes text(static_cast<std::size_t>(size));
    if (!memory.read(wordAt(object, 16), text))
        return std::nullopt;
    const auto length = std::find(text.begin(), text.end(), 0) - text.begin();
    return TextPlace {wordAt(object, 16), static_cast<std::uint64_t>(length)};
}

/// The text of a str that is not all ASCII. More stands between its head and the text: its size in
/// UTF-8 and where that is, and, where the head is the longer one of up to 3.11, another size. Of
/// objects of a class below str, where the text is stands there instead.
std::optional<TextPlace> foreignText(const MemoryReader& memory, ByteView header,
                                     std::uint64_t address)
{
    constexpr std::uint64_t compact = 0x20;
    constexpr std::uint64_t ascii = 0x40;
    const std::uint64_t state = wordAt(header, pythonSign.at);
    const std::uint64_t width = state >> 2 & 7;
    if (width != 1 && width != 2 && width != 4)
        return std::nullopt;
    const std::uint64_t between = header.size() == longHead ? 24 : 16;
    const std::uint64_t characters = wordAt(header, 16);
    if (characters > longestText)
        return std::nullopt;
    std::uint64_t text = address + header.size() + between;
    if ((state & compact) == 0)
        text = pythonWord(memory, text).value_or(0);
    else if ((state & ascii) != 0)
        text = address + header.size();
    return TextPlace {text, characters * width, static_cast<std::size_t>(width)};
}

std::optional<TextPlace> strText(const MemoryReader& memory, std::uint64_t address,
                                 std::size_t head)
{
    std::array<std::uint8_t, widestStringHeader> bytes {};
    const auto header = MutableByteView(bytes).first(head);
    return memory.read(address, header) ? foreignText(memory, header, address) : std::nullopt;
}

/// Strings and what holds one string by itself.
std::optional<TextPlace> plainText(const MemoryReader& memory, std::uint64_t address,
                                   std::uint64_t type, ByteView nameHeader)
{
    const bool namedByBytes = nameHeader.size() == pythonBytesHeader;
    if (!namedByBytes && type == wordAt(nameHeader, 8))
        return strText(memory, address, nameHeader.size());
    const auto kind = pythonTypeAt(memory, type);
    if (!kind)
        return std::nullopt;
    if (kind->has(PythonType::isText))
        return namedByBytes ? std::nullopt : strText(memory, address, nameHeader.size());
    if (kind->has(PythonType::isBytes) && kind->item == 1) {
        const auto size = pythonWord(memory, address + 16);
        return size ? std::optional(TextPlace {address + pythonBytesHeader, *size}) : std::nullopt;
    }
    if (kind->size == 56 && kind->item == 0)
        return textOfArray(memory, address);
    if (kind->size == 144 && kind->item == 8)
        return textOfView(memory, address);
    if (kind->size >= 96 && kind->size <= 112 && kind->item == 0)
        return textOfBuffer(memory, address);
    return std::nullopt;
}

} // namespace

/// Count, type, length, hash, state of a str.
std::uint64_t pythonSize(ByteView header)
{
    const bool isText
        = (wordAt(header, 32) & pythonSign.mask) == pythonSign.value && wordAt(header, 8) % 8 == 0;
    return isText ? wordAt(header, 16) : 0;
}

/// One more pointer stands before the text.
std::uint64_t oldPythonSize(ByteView header)
{
    return wordAt(header, 40) == 0 ? pythonSize(header) : 0;
}

/// Count, type, length, hash.
std::uint64_t pythonBytesSize(ByteView header)
{
    const std::uint64_t hash = pythonHash(header);
    const std::uint64_t type = wordAt(header, 8);
    const bool isKey = wordAt(header, 0) != 0 && wordAt(header, 0) >> 32 == 0 && type != 0
        && type % 8 == 0 && hash != 0 && ~hash != 0;
    return isKey ? wordAt(header, 16) : 0;
}

std::uint64_t pythonHash(ByteView header) { return wordAt(header, 24); }

std::optional<std::uint64_t> pythonWord(const MemoryReader& memory, std::uint64_t address)
{
    std::array<std::uint8_t, 8> bytes {};
    return memory.read(address, bytes) ? std::optional(wordAt(bytes, 0)) : std::nullopt;
}

std::optional<PythonType> pythonTypeAt(const MemoryReader& memory, std::uint64_t type)
{
    std::array<std::uint8_t, 176> slots {};
    if (type % 8 != 0 || !memory.read(type, slots))
        return std::nullopt;
    return PythonType {wordAt(slots, 32), wordAt(slots, 40), wordAt(slots, 168)};
}

/// Count, type, how many, items.
std::optional<std::uint64_t> tupleSize(const MemoryReader& memory, std::uint64_t address)
{
    std::array<std::uint8_t, 24> head {};
    if (address % 8 != 0 || !memory.read(address, head))
        return std::nullopt;
    const auto type = pythonTypeAt(memory, wordAt(head, 8));
    return type && type->size == head.size() && type->item == 8 && type->has(PythonType::isTuple)
        ? std::optional(wordAt(head, 16))
        : std::nullopt;
}

std::optional<std::uint64_t> tupleItem(const MemoryReader& memory, std::uint64_t tuple,
                                       std::uint64_t number)
{
    return pythonWord(memory, tuple + 24 + 8 * number);
}

std::optional<TextPlace> pythonText(const MemoryReader& memory, std::uint64_t address,
                                    ByteView nameHeader)
{
    const auto type = pythonWord(memory, address + 8);
    if (!type)
        return std::nullopt;
    if (const auto text = plainText(memory, address, *type, nameHeader))
        return text;
    for (const std::uint64_t held : heldValues(memory, address, *type))
        if (const auto heldType = pythonWord(memory, held + 8))
            if (const auto text = plainText(memory, held, *heldType, nameHeader))
                return text;
    return std::nullopt;
}

} // namespace coredact

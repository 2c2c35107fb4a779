// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/symcryptobjects.h"

#include "scanner/base/memoryword.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

// The kinds: two letters in the upper half of a word.
constexpr std::uint32_t divisorKind = 0x67440000;
constexpr std::uint32_t integerKind = 0x67490000;

constexpr std::size_t alignment = 16; ///< of every object, in every build
constexpr std::array<std::size_t, 3> digitSizes {16, 32, 64};
constexpr std::uint32_t mostBytes = 4096; ///< of a number
constexpr std::size_t mostCoordinateBytes = 128; ///< of a point; less than a window's context
constexpr unsigned smallestBits = 224;
constexpr std::size_t mostObjects = std::size_t {1} << 14;

// Where fields stand that do not move.
constexpr std::size_t flagsAt = 12;
constexpr std::size_t elementSizeAt = 16;
constexpr std::size_t inverseAt = 24;
constexpr std::size_t approximationAt = 16; ///< of a divisor; behind it the integer's head
constexpr std::uint32_t dataPublic = 1;

/// The fields that every object begins with.
struct Head {
    std::uint32_t kind = 0;
    std::uint32_t digits = 0;
    std::uint32_t size = 0;
};

std::uint32_t word(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint32_t>(bytes.data() + at);
}

std::optional<Head> headAt(ByteView bytes, std::size_t at)
{
    if (at > bytes.size() || bytes.size() - at < 12)
        return std::nullopt;
    const Head head {word(bytes, at), word(bytes, at + 4), word(bytes, at + 8)};
    if (head.digits == 0 || head.digits > mostBytes / digitSizes[0] || head.size > 4 * mostBytes)
        return std::nullopt;
    return head;
}

/// Where an integer keeps its words, counted from its beginning: the rest of its size is its head,
/// padded to the alignment, which is 16 only where digits are as small.
std::optional<std::size_t> wordsAt(const Head& integer, std::size_t digitBytes)
{
    for (const std::size_t head : {std::size_t {16}, std::size_t {32}})
        if (integer.size == head + integer.digits * digitBytes && (head == 32 || digitBytes == 16))
            return head;
    return std::nullopt;
}

bool isAligned(const Window& window, std::size_t position)
{
    const std::uint64_t place
        = window.address ? *window.address + position : placeInFile(window, position);
    return place % alignment == 0;
}

BigNumber numberAt(ByteView bytes, std::size_t at, std::size_t size)
{
    return BigNumber::fromLittleEndian(bytes.subspan(at, size));
}

/// Where the words of an integer stand in a window, and how many bytes they have.
struct Words {
    std::size_t begin = 0;
    std::size_t size = 0;
};

std::optional<Words> integerAt(ByteView bytes, std::size_t at,
                               std::span<const std::size_t> digitBytes)
{
    const auto head = headAt(bytes, at);
    if (!head || head->kind != integerKind)
        return std::nullopt;
    for (const std::size_t digit : digitBytes) {
        const std::size_t size = head->digits * digit;
        const auto words = wordsAt(*head, digit);
        if (words && size <= mostBytes && bytes.size() - at >= *words + size)
            return Words {at + *words, size};
    }
    return std::nullopt;
}

/// The head of the modulus whose divisor is at `divisor`, by the sizes that must add up.
std::optional<std::size_t> modulusBefore(ByteView bytes, std::size_t divisor, const Head& head)
{
    for (const std::size_t before : {std::size_t {64}, std::size_t {48}, std::size_t {32}}) {
        if (before > divisor)
            continue;
        const std::size_t at = divisor - before;
        const auto modulus = headAt(bytes, at);
        if (!modulus || modulus->digits != head.digits)
            continue;
        const std::uint64_t element = word(bytes, at + elementSizeAt);
        // Behind the divisor R² and the negated number.
        if (element <= mostBytes && modulus->size == before + head.size + 2 * element)
            return at;
    }
    return std::nullopt;
}

} // namespace

template <typename Found, typename Object>
void SymCryptHarvest::keep(Found& found, std::uint64_t place, Object object)
{
    found.emplace(place, std::move(object));
    keepFirst(found, mostObjects);
}

std::vector<Anchor> SymCryptHarvest::anchors()
{
    const std::size_t farthest = 64; // a modulus' head before its divisor
    return {Anchor {{0, 0, 'D', 'g'}, {0xff, 0xff, 0xff, 0xff}, farthest},
            Anchor {{0, 0, 'I', 'g'}, {0xff, 0xff, 0xff, 0xff}, 0}};
}

void SymCryptHarvest::lookAt(const Window& window, std::size_t position)
{
    if (!isAligned(window, position))
        return;
    if (window.bytes[position + 2] == 'D')
        addModulus(window, position);
    else if (window.fresh(position))
        addInteger(window, position);
}

void SymCryptHarvest::addModulus(const Window& window, std::size_t divisor)
{
    const ByteView bytes = window.bytes;
    const auto head = headAt(bytes, divisor);
    if (!head || head->kind != divisorKind)
        return;
    const auto begin = modulusBefore(bytes, divisor, *head);
    if (!begin || !window.fresh(*begin))
        return;
    const std::size_t element = word(bytes, *begin + elementSizeAt);
    const std::array digitBytes {element / head->digits};
    if (std::find(digitSizes.begin(), digitSizes.end(), digitBytes[0]) == digitSizes.end())
        return;
    const std::size_t integer = divisor + 32;
    const auto words = integerAt(bytes, integer, digitBytes);
    const std::size_t end = words ? words->begin + 3 * words->size : 0;
    if (!words || words->size != element || end > bytes.size())
        return;
    const auto lowest = littleWord<std::uint64_t>(bytes.data() + words->begin);
    if (littleWord<std::uint64_t>(bytes.data() + *begin + inverseAt) * lowest != ~std::uint64_t {0})
        return;
    SymCryptModulus modulus;
    modulus.number.value = numberAt(bytes, words->begin, words->size);
    if (modulus.number.value.bits() < smallestBits)
        return;
    modulus.elementBytes = element;
    modulus.isPublic = (word(bytes, *begin + flagsAt) & dataPublic) != 0;
    for (const Span part : {Span {*begin + inverseAt, *begin + inverseAt + 8},
                            Span {divisor + approximationAt, integer}, Span {words->begin, end}}) {
        const auto places = window.map->fileRanges(part.begin, part.end);
        modulus.number.places.insert(modulus.number.places.end(), places.begin(), places.end());
    }
    keep(m_moduli, placeInFile(window, *begin), std::move(modulus));
}

void SymCryptHarvest::addInteger(const Window& window, std::size_t at)
{
    const ByteView bytes = window.bytes;
    if (at >= 32 && word(bytes, at - 32) == divisorKind)
        return;
    const auto words = integerAt(bytes, at, digitSizes);
    if (!words)
        return;
    HeldNumber number;
    number.value = numberAt(bytes, words->begin, words->size);
    if (number.value.bits() < smallestBits)
        return;
    number.places = window.map->fileRanges(words->begin, words->begin + words->size);
    number.guarded = true;
    keep(m_integers, placeInFile(window, at), std::move(number));
    addPoint(window, at, words->size);
}

/// A curve's private key stands behind the point of its public one: X, Y and Z as they are, no
/// objects.
void SymCryptHarvest::addPoint(const Window& window, std::size_t end, std::size_t elementBytes)
{
    if (elementBytes > mostCoordinateBytes || end < 3 * elementBytes)
        return;
    for (const std::size_t begin : {end - 3 * elementBytes, end - elementBytes}) {
        HeldNumber coordinate;
        coordinate.value = numberAt(window.bytes, begin, elementBytes);
        coordinate.places = window.map->fileRanges(begin, begin + elementBytes);
        keep(m_coordinates, placeInFile(window, begin), std::move(coordinate));
    }
}

void SymCryptHarvest::join(SymCryptHarvest& other)
{
    for (auto& [place, modulus] : other.m_moduli)
        keep(m_moduli, place, std::move(modulus));
    for (auto& [place, integer] : other.m_integers)
        keep(m_integers, place, std::move(integer));
    for (auto& [place, coordinate] : other.m_coordinates)
        keep(m_coordinates, place, std::move(coordinate));
}

SymCryptNumbers SymCryptHarvest::numbers() &&
{
    SymCryptNumbers numbers;
    for (auto& [place, modulus] : m_moduli)
        numbers.moduli.push_back(std::move(modulus));
    for (auto& [place, integer] : m_integers)
        numbers.integers.push_back(std::move(integer));
    for (auto& [place, coordinate] : m_coordinates)
        numbers.coordinates.push_back(std::move(coordinate));
    return numbers;
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/propagateencodings.h"

#include "scanner/base/characters.h"
#include "scanner/scan/propagatepublic.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

namespace coredact {

SecretForm emptyLike(const SecretForm& raw, std::string encoding, std::size_t size)
{
    SecretForm form;
    form.bytes.reserve(size);
    form.origin.reserve(size);
    form.encoding = std::move(encoding);
    form.plain = raw.plain;
    form.wholeOnly = raw.wholeOnly;
    form.bounded = raw.bounded;
    return form;
}

void append(SecretForm& form, std::uint8_t byte, Origin origin)
{
    form.bytes.push_back(byte);
    form.origin.push_back(origin);
}

void append(SecretForm& form, std::string_view text, Origin origin)
{
    form.bytes.insert(form.bytes.end(), text.begin(), text.end());
    form.origin.insert(form.origin.end(), text.size(), origin);
}

namespace {

void appendUnit(SecretForm& form, std::uint32_t value, unsigned size, ByteOrder order,
                Origin origin)
{
    for (unsigned i = 0; i < size; ++i) {
        const unsigned shift = 8 * (order == ByteOrder::Little ? i : size - 1 - i);
        append(form, static_cast<std::uint8_t>(value >> shift), origin);
    }
}

/// Where bits of the value lie across the bytes of a digit: a fragment is a value of its own.
void judgeAsItStands(SecretForm& form)
{
    auto digits = std::make_shared<PlainValue>();
    digits->bytes = form.bytes;
    digits->isPublic.assign(form.bytes.size(), false);
    std::iota(form.origin.begin(), form.origin.end(), Origin {0});
    form.plain = std::move(digits);
}

SecretForm base64Form(const SecretForm& raw, std::size_t phase, std::string_view digits,
                      std::string encoding)
{
    const std::size_t bits = 8 * (phase + raw.bytes.size());
    const std::size_t first = phase == 0 ? 0 : phase + 1;
    SecretForm form = emptyLike(raw, std::move(encoding), 0);
    form.bytes.resize(bits / 6 - first);
    form.origin.resize(form.bytes.size());
    const auto byteAt = [&](std::size_t index) -> unsigned {
        return index >= phase && index - phase < raw.bytes.size() ? raw.bytes[index - phase] : 0U;
    };
    // The first digits that hold no bit of what stands before.
    for (std::size_t digit = first; (digit + 1) * 6 <= bits; ++digit) {
        const std::size_t byte = digit * 6 / 8;
        const unsigned pair = byteAt(byte) << 8U | byteAt(byte + 1);
        const unsigned value = pair >> (10 - digit * 6 % 8) & 0x3fU;
        form.bytes[digit - first] = static_cast<std::uint8_t>(digits[value]);
        form.origin[digit - first] = raw.origin[byte - phase];
    }
    form.shortest = raw.unit == 1 ? 12 : 24;
    form.partsAlike = true;
    form.bounded = false; // what stands beside it in the text is a digit of base64 too
    form.sharesBefore = phase != 0;
    form.sharesAfter = bits % 6 != 0;
    return form;
}

SecretForm swapped(const SecretForm& raw, std::size_t word)
{
    const std::size_t padding = (word - raw.bytes.size() % word) % word;
    const std::size_t size = raw.bytes.size() + padding;
    SecretForm form = emptyLike(raw, word == 4 ? "swapped" : "swapped-64", size);
    for (std::size_t i = 0; i < size; ++i) {
        const std::size_t from = i / word * word + (word - 1 - i % word);
        append(form, from < padding ? std::uint8_t(0) : raw.bytes[from - padding],
               raw.origin[std::max(from, padding) - padding]);
    }
    return form;
}

} // namespace

SecretForm reversed(const SecretForm& raw)
{
    SecretForm form = emptyLike(raw, "reversed", 0);
    form.bytes.assign(raw.bytes.rbegin(), raw.bytes.rend());
    form.origin.assign(raw.origin.rbegin(), raw.origin.rend());
    return form;
}

SecretForm asUtf(const SecretForm& raw, unsigned unit, ByteOrder order)
{
    const std::string inner = raw.encoding == "raw" ? "" : "+" + raw.encoding;
    SecretForm form = emptyLike(raw,
                                std::string(unit == 2 ? "utf-16" : "utf-32")
                                    + (order == ByteOrder::Little ? "le" : "be") + inner,
                                raw.bytes.size() * unit);
    const bool ascii = isAscii(raw.bytes);
    if (ascii) {
        const std::size_t low = order == ByteOrder::Little ? 0 : unit - 1;
        form.bytes.resize(raw.bytes.size() * unit);
        form.origin.resize(form.bytes.size());
        for (std::size_t at = 0; at < raw.bytes.size(); ++at) {
            form.bytes[at * unit + low] = raw.bytes[at];
            std::fill_n(form.origin.begin() + static_cast<std::ptrdiff_t>(at * unit), unit,
                        raw.origin[at]);
        }
    }
    for (std::size_t at = 0; !ascii && at < raw.bytes.size();) {
        const Character character = characterAt(raw.bytes, at);
        const Origin origin = raw.origin[at];
        if (unit == 2 && character.code >= 0x10000) {
            appendUnit(form, 0xd800U + ((character.code - 0x10000U) >> 10U), unit, order, origin);
            appendUnit(form, 0xdc00U + ((character.code - 0x10000U) & 0x3ffU), unit, order, origin);
        } else {
            appendUnit(form, character.code, unit, order, origin);
        }
        at += character.size;
    }
    form.unit = unit;
    form.shortest = raw.shortest * unit;
    form.partsAlike = raw.partsAlike || raw.encoding == "raw";
    form.sharesBefore = raw.sharesBefore;
    form.sharesAfter = raw.sharesAfter;
    return form;
}

std::vector<SecretForm> asBase64(const SecretForm& raw)
{
    constexpr std::string_view letters
        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const std::string standard = std::string(letters) + "+/";
    const std::string url = std::string(letters) + "-_";
    const std::string inner = raw.encoding == "raw" ? "" : "+" + raw.encoding;
    std::vector<SecretForm> forms;
    for (std::size_t phase = 0; phase < 3; ++phase) {
        forms.push_back(base64Form(raw, phase, standard, "base64" + inner));
        forms.push_back(base64Form(raw, phase, url, "base64url" + inner));
    }
    return forms;
}

std::vector<SecretForm> asSwappedWords(const SecretForm& raw)
{
    std::vector<SecretForm> forms;
    for (const std::size_t word : {std::size_t(4), std::size_t(8)}) {
        forms.push_back(swapped(raw, word));
        forms.push_back(reversed(forms.back()));
        forms.back().encoding = word == 4 ? "limbs-32" : "limbs-64";
    }
    return forms;
}

SecretForm asPythonInteger(const SecretForm& raw)
{
    SecretForm form = emptyLike(raw, "python-int", raw.bytes.size() / 15 * 16 + 4);
    std::uint64_t bits = 0;
    unsigned held = 0;
    const auto put = [&] {
        const auto digit = static_cast<std::uint32_t>(bits & 0x3fffffffU);
        appendUnit(form, digit, 4, ByteOrder::Little, 0);
        bits >>= 30U;
        held -= std::min(held, 30U);
    };
    for (auto byte = raw.bytes.rbegin(); byte != raw.bytes.rend(); ++byte) {
        bits |= std::uint64_t(*byte) << held;
        held += 8;
        if (held >= 30)
            put();
    }
    while (bits != 0)
        put();
    static_assert(longestValue / 15 * 16 < std::size_t(std::numeric_limits<Origin>::max()));
    judgeAsItStands(form);
    return form;
}

namespace {

struct LimbSize {
    std::size_t count;
    unsigned bits;
};

/// Of a number of so many bytes: the orders of P-256 and Ed25519, P-384, Ed448, P-521.
std::optional<LimbSize> javaLimbsFor(std::size_t bytes)
{
    constexpr std::size_t spare = 2; // leading zeros, which the number may lack
    struct Order {
        std::size_t bytes;
        LimbSize limbs;
    };
    for (const Order order : {Order {32, {10, 26}}, {48, {14, 28}}, {56, {16, 28}}, {66, {19, 28}}})
        if (bytes <= order.bytes && bytes + spare >= order.bytes)
            return order.limbs;
    return std::nullopt;
}

using SignedLimbs = std::vector<std::int64_t, WipingAllocator<std::int64_t>>;

SignedLimbs limbsOf(ByteView number, LimbSize size, bool carried)
{
    SignedLimbs limbs(size.count);
    for (std::size_t bit = 0; bit < number.size() * 8; ++bit)
        if ((number[number.size() - 1 - bit / 8] >> bit % 8 & 1U) != 0)
            limbs[bit / size.bits] |= std::int64_t {1} << bit % size.bits;
    if (carried)
        for (std::size_t i = 0; i + 1 < limbs.size(); ++i) {
            const std::int64_t carry
                = (limbs[i] + (std::int64_t {1} << (size.bits - 1))) >> size.bits;
            limbs[i] -= carry << size.bits;
            limbs[i + 1] += carry;
        }
    return limbs;
}

} // namespace

std::vector<SecretForm> asJavaLimbs(const SecretForm& raw)
{
    constexpr std::size_t limbBytes = 8;
    const auto size = javaLimbsFor(raw.bytes.size());
    if (!size)
        return {};
    std::vector<SecretForm> forms;
    for (const bool carried : {false, true})
        for (const ByteOrder order : {ByteOrder::Little, ByteOrder::Big}) {
            SecretForm form = emptyLike(raw, "java-limbs", size->count * limbBytes);
            for (const std::int64_t limb : limbsOf(raw.bytes, *size, carried)) {
                const auto word = static_cast<std::uint64_t>(limb);
                for (std::size_t i = 0; i < limbBytes; ++i)
                    append(form,
                           static_cast<std::uint8_t>(
                               word >> 8 * (order == ByteOrder::Little ? i : limbBytes - 1 - i)),
                           0);
            }
            judgeAsItStands(form);
            // A limb alone is a small number as any other.
            form.shortest = 3 * limbBytes;
            forms.push_back(std::move(form));
        }
    return forms;
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/client/cbor.h"
#include "scanner/client/fields.h"
#include "scanner/client/sound.h"

#include <map>
#include <type_traits>
#include <utility>

/// Writes and reads any value that travels: lists of fields, and lists of those. Texts are byte
/// strings, since names out of a dump need not be UTF-8. Included by the codec's sources only.
namespace coredact::protocol {

constexpr ErrorCode lastOf(ErrorCode) { return ErrorCode::Sandbox; }
constexpr ByteOrder lastOf(ByteOrder) { return ByteOrder::Big; }
constexpr RegionKind lastOf(RegionKind) { return RegionKind::Structure; }
constexpr FieldKind lastOf(FieldKind) { return FieldKind::Opaque; }
constexpr Severity lastOf(Severity) { return Severity::Info; }
constexpr Confidence lastOf(Confidence) { return Confidence::Possible; }
constexpr NotSought lastOf(NotSought) { return NotSought::PublishedKey; }
constexpr ValueForm lastOf(ValueForm) { return ValueForm::Number; }
constexpr Verdict lastOf(Verdict) { return Verdict::Keep; }
constexpr Reason lastOf(Reason) { return Reason::Policy; }
constexpr Fill lastOf(Fill) { return Fill::Token; }
constexpr DumpClass lastOf(DumpClass) { return DumpClass::Unclaimed; }
constexpr ClassUse lastOf(ClassUse) { return ClassUse::Fill; }

template <typename T, template <typename...> typename Of>
constexpr bool isOf = false;
template <template <typename...> typename Of, typename... Types>
constexpr bool isOf<Of<Types...>, Of> = true;
template <typename T>
constexpr bool isRange = std::is_same_v<T, FileRange> || std::is_same_v<T, AddressRange>;
template <typename T>
constexpr bool isBytes = std::is_same_v<T, SecretBytes>
    || std::is_same_v<T, std::vector<std::uint8_t>> || std::is_same_v<T, std::string>;

template <typename T>
void write(CborWriter& out, const T& value)
{
    if constexpr (std::is_same_v<T, bool>) {
        out.boolean(value);
    } else if constexpr (std::is_enum_v<T>) {
        out.number(static_cast<std::uint64_t>(value));
    } else if constexpr (std::is_unsigned_v<T>) {
        out.number(value);
    } else if constexpr (std::is_signed_v<T>) {
        out.signedNumber(value);
    } else if constexpr (std::is_same_v<T, std::string>) {
        out.bytes(asBytes(value));
    } else if constexpr (isBytes<T>) {
        out.bytes(value);
    } else if constexpr (isRange<T>) {
        out.list(2);
        out.number(value.first());
        out.number(value.size());
    } else if constexpr (isOf<T, std::optional>) {
        value ? write(out, *value) : out.null();
    } else if constexpr (isOf<T, std::vector> || isOf<T, std::map>) {
        out.list(value.size());
        for (const auto& item : value)
            write(out, item);
    } else if constexpr (isOf<T, std::pair>) {
        out.list(2);
        write(out, value.first);
        write(out, value.second);
    } else {
        const auto fields = fieldsOf(value);
        out.list(std::tuple_size_v<decltype(fields)>);
        std::apply([&](const auto&... field) { (write(out, field), ...); }, fields);
    }
}

template <typename T>
T take(CborReader& in);

inline void expectList(CborReader& in, std::uint64_t count)
{
    if (in.list() != count)
        in.fail("a list has the wrong length");
}

template <typename T>
T takeRange(CborReader& in)
{
    expectList(in, 2);
    const std::uint64_t first = in.number();
    const std::uint64_t size = in.number();
    const auto range = T::make(first, size);
    if (!range)
        in.fail("a range is empty or wraps");
    return range ? *range : *T::make(0, 1);
}

template <typename T>
T takeMap(CborReader& in)
{
    T map;
    for (std::uint64_t left = in.list(); left > 0 && in.ok(); --left)
        map.insert(take<std::pair<typename T::key_type, typename T::mapped_type>>(in));
    return map;
}

template <typename T, typename... Fields>
T takeFields(CborReader& in, std::type_identity<std::tuple<Fields&...>>)
{
    expectList(in, sizeof...(Fields));
    T value {take<Fields>(in)...}; // in the order of the fields, as braces promise
    if (!sound(value))
        in.fail("a value contradicts itself");
    return value;
}

template <typename T>
T take(CborReader& in)
{
    if constexpr (std::is_same_v<T, bool>) {
        return in.boolean();
    } else if constexpr (std::is_enum_v<T>) {
        const std::uint64_t number = in.number();
        if (number > static_cast<std::uint64_t>(lastOf(T {})))
            in.fail("a value is not one of those that exist");
        return in.ok() ? static_cast<T>(number) : T {};
    } else if constexpr (std::is_integral_v<T>) {
        const auto number = [&] {
            if constexpr (std::is_signed_v<T>)
                return in.signedNumber();
            else
                return in.number();
        }();
        if (!std::in_range<T>(number))
            in.fail("a number is too large");
        return static_cast<T>(number);
    } else if constexpr (isBytes<T>) {
        const ByteView bytes = in.bytes();
        return T(bytes.begin(), bytes.end());
    } else if constexpr (isRange<T>) {
        return takeRange<T>(in);
    } else if constexpr (isOf<T, std::optional>) {
        return in.takeNull() ? T() : T(take<typename T::value_type>(in));
    } else if constexpr (isOf<T, std::vector>) {
        T list;
        for (std::uint64_t left = in.list(); left > 0 && in.ok(); --left)
            list.push_back(take<typename T::value_type>(in));
        return list;
    } else if constexpr (isOf<T, std::map>) {
        return takeMap<T>(in);
    } else if constexpr (isOf<T, std::pair>) {
        expectList(in, 2);
        return {take<typename T::first_type>(in), take<typename T::second_type>(in)};
    } else {
        return takeFields<T>(in, std::type_identity<decltype(fieldsOf(std::declval<T&>()))>());
    }
}

/// Takes the alternative of a variant with the number `kind`.
template <typename Variant, std::size_t index = 0>
std::optional<Variant> takeAlternative(CborReader& in, std::uint64_t kind)
{
    if constexpr (index < std::variant_size_v<Variant>) {
        if (kind == index)
            return Variant(std::in_place_index<index>,
                           take<std::variant_alternative_t<index, Variant>>(in));
        return takeAlternative<Variant, index + 1>(in, kind);
    } else {
        in.fail("its kind is not one of those that exist");
        return std::nullopt;
    }
}

/// Both ends come from one build; a message of another version is refused by this number.
constexpr std::uint64_t version = 1;

template <typename Variant>
SecretBytes encodeMessage(std::uint64_t id, const Variant& message)
{
    CborWriter out;
    out.list(4);
    out.number(version);
    out.number(id);
    out.number(message.index());
    std::visit([&](const auto& alternative) { write(out, alternative); }, message);
    return out.take();
}

template <typename Variant>
Result<std::pair<std::uint64_t, Variant>> decodeMessage(ByteView bytes)
{
    CborReader in(bytes);
    expectList(in, 4);
    if (in.number() != version)
        in.fail("it is of another version of the program");
    const std::uint64_t id = in.number();
    std::optional<Variant> message = takeAlternative<Variant>(in, in.number());
    if (in.ok() && !in.atEnd())
        in.fail("something follows it");
    if (!in.ok() || !message)
        return in.error();
    return std::pair(id, std::move(*message));
}

} // namespace coredact::protocol

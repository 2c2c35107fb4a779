// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/codec.h"
#include "scanner/rules/validators/verdicts.h"

#include <algorithm>
#include <array>
#include <vector>

namespace coredact {

namespace {

/// A service's mark in its keys and what the checksum may be seeded with: eight letters each, as
/// Microsoft's security-utilities publishes them.
struct Service {
    std::string_view mark;
    std::string_view name;
    std::array<std::uint64_t, 4> seeds;
};

constexpr auto services = std::to_array<Service>({
    {"+ASt", "Azure Storage", {0x44656661756c7430}},
    {"ACDb",
     "Azure Cosmos DB",
     {0x4d61737452573030, 0x4d617374524f3030, 0x5265736f75723030, 0x456e637279703030}},
    {"+ABa", "Azure Batch", {0x4162416363743030}},
    {"+AMC", "Azure Machine Learning", {0x436c617373696330}},
    {"APIM",
     "Azure API Management",
     {0x54656e616e743030, 0x496f544875623030, 0x4761746577793030, 0x4769744b65793030}},
    {"+ASb",
     "Azure Service Bus",
     {0x53656e6430303030, 0x4c697374656e3030, 0x4d616e6167653030, 0x53797374656d3030}},
    {"+AEh",
     "Azure Event Hubs",
     {0x53656e6430303030, 0x4c697374656e3030, 0x4d616e6167653030, 0x53797374656d3030}},
    {"+ARm",
     "Azure Relay",
     {0x53656e6430303030, 0x4c697374656e3030, 0x4d616e6167653030, 0x53797374656d3030}},
    {"AIoT", "Azure IoT", {0x496f544875623030, 0x4470734b65793030, 0x4465766963653030}},
    {"AzCa", "Azure Cache for Redis", {0x4163636573733030}},
    {"AZEG", "Azure Event Grid", {}},
    {"+ACR", "Azure Container Registry", {0x41435244666c7430}},
    {"AzSe", "Azure Search", {0x5175657279303030, 0x5041646d696e3030}},
    {"AzFu", "Azure Functions", {0x46756e6374693030, 0x53797374656d3030, 0x4d61737465723030}},
});

/// What the seed says of the key's right; messaging services have one for each.
std::string_view rightOf(std::uint64_t seed)
{
    switch (seed) {
    case 0x53656e6430303030:
        return ", sending";
    case 0x4c697374656e3030:
        return ", listening";
    case 0x4d616e6167653030:
        return ", managing";
    case 0x4d617374524f3030:
        return ", reading";
    case 0x4d61737465723030:
        return ", master";
    case 0x5041646d696e3030:
        return ", administering";
    case 0x5175657279303030:
        return ", querying";
    default:
        return "";
    }
}

/// The last four bytes as a number, low byte first.
std::uint32_t lastWord(ByteView bytes)
{
    std::uint32_t word = 0;
    for (std::size_t i = 1; i <= 4; ++i)
        word = word << 8 | bytes[bytes.size() - i];
    return word;
}

} // namespace

/// The last four bytes of a key are Marvin32 of the others, seeded by service and right. The mark
/// stands ten characters before the end (without padding). Keys from before 2021 have neither.
Validation azurekeyValidator(const Candidate& candidate)
{
    std::string_view text = candidate.secretText();
    const auto bytes = decodeBase64(text);
    while (text.ends_with('='))
        text.remove_suffix(1);
    if (!bytes || bytes->size() < 8 || text.size() < 12)
        return {};
    const auto service = std::find_if(services.begin(), services.end(), [&](const Service& one) {
        return text.substr(text.size() - 10, 4) == one.mark;
    });
    if (service == services.end() || service->seeds[0] == 0)
        return {};
    const ByteView body = ByteView(*bytes).first(bytes->size() - 4);
    for (const std::uint64_t seed : service->seeds) {
        if (seed == 0 || marvin32(body, seed) != lastWord(*bytes))
            continue;
        Validation validation = byChecksum(true, "Marvin32 checksum");
        validation.title = std::string(service->name) + " key" + std::string(rightOf(seed));
        return validation;
    }
    return byChecksum(false, "Marvin32 checksum");
}

namespace {

/// A checksum as the common annotated form writes it: its bytes in base 62, filled up with zeros on
/// the right to six characters, of which the last keeps two bits.
std::string caskChecksum(std::uint32_t checksum)
{
    const std::uint32_t swapped
        = checksum >> 24 | (checksum >> 8 & 0xff00U) | (checksum << 8 & 0xff0000U) | checksum << 24;
    std::string text = inDigits(swapped, base62Digits, 1);
    text.resize(6, '0');
    constexpr std::string_view digits
        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    text[5] = digits[base64Values[static_cast<unsigned char>(text[5])] & 0x30U];
    return text;
}

} // namespace

/// 80 characters, then four or six of their Marvin32 checksum. The four before the checksum name
/// the service; letters 58 and 59 are the year from 2024 and the month.
Validation azurecaskValidator(const Candidate& candidate)
{
    const std::string_view key = candidate.secretText();
    if (key.size() < 84)
        return {};
    const auto bytes = decodeBase64(key.substr(0, 80));
    if (!bytes)
        return {};
    constexpr std::uint64_t seed = 0x44656661756c7430; // "Default0"
    const std::string expected = caskChecksum(marvin32(*bytes, seed));
    const std::string_view written = key.substr(80, key.ends_with("==") ? 6 : 4);
    Validation validation
        = byChecksum(std::string_view(expected).starts_with(written), "Marvin32 checksum");
    const std::uint8_t year = base64Values[static_cast<unsigned char>(key[58])];
    const std::uint8_t month = base64Values[static_cast<unsigned char>(key[59])];
    validation.identity
        = Identity {"azure-provider",
                    shown(key.substr(76, 4)) + ", made " + std::to_string(2024 + year) + "-"
                        + inDigits(month + 1U, "0123456789", 2)};
    return validation;
}

/// Secrets with 8Q~ end in three characters of their Marvin32 checksum; those with 7Q~ have none.
Validation azureclientsecretValidator(const Candidate& candidate)
{
    const std::string_view secret = candidate.secretText();
    if (secret.size() < 10 || secret[3] != '8')
        return {};
    constexpr std::string_view digits
        = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
    constexpr std::uint64_t seed = 0x4161645077643030;
    const std::string_view body = secret.substr(0, secret.size() - 3);
    const std::string expected = inDigits(marvin32(asBytes(body), seed), digits, 6);
    return byChecksum(secret.ends_with(std::string_view(expected).substr(0, 3)),
                      "Marvin32 checksum");
}

} // namespace coredact

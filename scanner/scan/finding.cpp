// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/finding.h"

#include <array>

namespace coredact {

namespace {

constexpr std::array<std::string_view, 5> severities {"critical", "high", "medium", "low", "info"};
constexpr std::array<std::string_view, 3> confidences {"verified", "likely", "possible"};
constexpr std::array<std::string_view, 3> reasonsNotSought {"", "word", "published"};

template <typename Enum, std::size_t Size>
std::optional<Enum> from(const std::array<std::string_view, Size>& names, std::string_view text)
{
    for (std::size_t i = 0; i < Size; ++i)
        if (names[i] == text)
            return static_cast<Enum>(i);
    return std::nullopt;
}

} // namespace

std::string_view toText(Severity severity)
{
    return severities[static_cast<std::size_t>(severity)];
}

std::string_view toText(Confidence confidence)
{
    return confidences[static_cast<std::size_t>(confidence)];
}

std::string_view toText(NotSought reason)
{
    return reasonsNotSought[static_cast<std::size_t>(reason)];
}

std::optional<Severity> severityFrom(std::string_view text)
{
    return from<Severity>(severities, text);
}

std::optional<Confidence> confidenceFrom(std::string_view text)
{
    return from<Confidence>(confidences, text);
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/tablestrings.h"
#include "scanner/rules/walk.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace coredact {

/// The rules of secrets in programs' tables: of passwords, of all else that is text, and of keys
/// that are none.
std::span<const RuleInfo> tableRules();

inline constexpr std::size_t shortestTableName = 2;
inline constexpr std::size_t longestTableName = 48;
inline constexpr std::size_t longestTableValue = 160;

/// What the names of settings are made of, in UTF-8.
bool isTableNameByte(std::uint8_t byte);

/// Letters, of other alphabets in UTF-8 too, the underscore, and a few signs; quick to tell.
inline bool mayBeginTableName(std::uint8_t byte)
{
    return (byte & 0xc0) == 0x40 || byte >= 0xc3 || byte == '$';
}

/// What the names that call for a rule end with; quick to tell.
inline bool mayEndTableName(std::uint8_t byte)
{
    constexpr std::string_view ends = "adelnostwy";
    return byte >= 0x80 || ends.find(static_cast<char>(byte | 0x20)) != std::string_view::npos;
}

/// The last four letters of most names that call for a rule, in small letters: what may be searched
/// for.
inline constexpr std::array<std::string_view, 12> tableNameEndings {
    "word", "sswd", "rase", "_pwd", "cret", "oken", "_key", "ikey", "skey", "tkey", "tial", "ials"};

/// The rule that a name calls for, by its last word; null where it tells nothing.
const RuleInfo* tableRuleFor(std::string_view name);

/// A name that calls for a rule.
struct TableName {
    const RuleInfo* rule = nullptr;
    std::string text;
};

/// Names by an address that stands for each, as many as a walk's round keeps.
class TableNames : public Bounded {
public:
    /// Keeps a text of `shortestTableName` bytes or more, if it is a name that calls for a rule.
    void look(std::uint64_t address, ByteView text)
    {
        if (mayBeginTableName(text[0]) && mayEndTableName(text.back()))
            keep(address, text);
    }
    /// Takes the other's names.
    void join(TableNames& other);
    const std::map<std::uint64_t, TableName>& all() const { return m_names; }

private:
    void keep(std::uint64_t address, ByteView text);

    std::map<std::uint64_t, TableName> m_names;
};

/// Reads the text at `place`, which an entry of a table of `runtime` ("Python") gives to a name
/// that calls for `rule`, and tells it if it may be a secret.
void tellTableValue(const WalkContext& context, const TextPlace& place, const RuleInfo& rule,
                    std::string_view name, std::string_view runtime, MatchSink& sink);

/// Whether a text of so many characters may be told.
bool mayBeTableValue(std::uint64_t size);

/// The text of characters of `width` bytes in UTF-8; bytes that are no text as they are.
SecretBytes tableValueOf(SecretBytes units, std::size_t width, bool isBigEndian);

/// What is told of a value that was read; without its places. Nothing where it is no secret.
std::optional<Match> tableMatch(SecretBytes value, const RuleInfo& rule, std::string_view name,
                                std::string_view runtime);

/// Tells a value that was read; it stands at `places`.
void tellTableText(SecretBytes value, std::vector<FileRange> places, const RuleInfo& rule,
                   std::string_view name, std::string_view runtime, MatchSink& sink);

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets in the tables of programs: the settings that Python, PHP, Ruby, Perl and Lua keep as
// names and values. Neither stands beside the other in memory; an entry points at both.
#include "scanner/base/memoryword.h"
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/tablestrings.h"
#include "scanner/rules/noise.h"
#include "scanner/rules/validators/keyedvalue.h"
#include "scanner/rules/walk.h"
#include "scanner/rules/writtenbytes.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t shortestName = 3;
constexpr std::size_t longestName = 48;
constexpr std::size_t shortestPassword = 5;
constexpr std::size_t shortestNumber = 6;
constexpr std::size_t shortestSecret = 12;
constexpr std::size_t longestValue = 160;
constexpr double leastEntropy = 3;
constexpr std::size_t mostNames = 4096;
constexpr std::size_t mostEntries = std::size_t {1} << 15;

std::span<const RuleInfo> tableRules()
{
    static const std::array rules {
        RuleInfo {"table-password",
                  "Password in a program's table",
                  Severity::High,
                  "A table of the program, such as its settings or what it read from a file, has "
                  "an entry that is called a password; this is its value.",
                  "Change the password, and the same password wherever else it is used.",
                  {"generic", "password"},
                  8},
        RuleInfo {"table-secret",
                  "Secret in a program's table",
                  Severity::High,
                  "A table of the program, such as its settings or what it read from a file, has "
                  "an entry whose name says that it is secret; this is its value.",
                  "Change the value where it was issued, and give it to the program by a secret "
                  "store.",
                  {"generic"},
                  7},
    };
    return rules;
}

bool endsWithAny(std::string_view text, std::span<const std::string_view> ends)
{
    return std::any_of(ends.begin(), ends.end(),
                       [&](std::string_view end) { return text.ends_with(end); });
}

/// The rule that a name calls for, by its last word; null where it tells nothing.
const RuleInfo* ruleFor(std::string_view name)
{
    constexpr std::array passwords {"password"sv, "passwd"sv, "passphrase"sv, "pwd"sv,
                                    "_pass"sv,    "-pass"sv,  ".pass"sv,      "_pw"sv};
    constexpr std::array secrets {"secret"sv, "token"sv, "credential"sv, "credentials"sv,
                                  "secret_value"sv};
    constexpr std::array keys {"secret"sv, "api"sv,    "access"sv, "private"sv, "signing"sv,
                               "app"sv,    "auth"sv,   "master"sv, "account"sv, "encryption"sv,
                               "jwt"sv,    "shared"sv, "hmac"sv,   "crypto"sv};
    constexpr std::array verbs {"get"sv,   "set"sv,    "add"sv,    "find"sv,    "read"sv, "ask"sv,
                                "check"sv, "make"sv,   "create"sv, "change"sv,  "load"sv, "test"sv,
                                "parse"sv, "prompt"sv, "verify"sv, "validate"sv};
    std::string text = lowerCase(name);
    // What is called after what it does is a function.
    std::string_view words = text;
    words.remove_prefix(std::min(words.size(), words.find_first_not_of('_')));
    if (std::any_of(verbs.begin(), verbs.end(), [&](std::string_view verb) {
            return words.starts_with(verb) && words.size() > verb.size()
                && std::string_view("_-.").find(words[verb.size()]) != std::string_view::npos;
        }))
        return nullptr;
    if (text == "pass" || endsWithAny(text, passwords))
        return &tableRules()[0];
    if (endsWithAny(text, secrets))
        return &tableRules()[1];
    if (!text.ends_with("key"))
        return nullptr;
    text.resize(text.size() - 3);
    if (!text.empty() && (text.back() == '_' || text.back() == '-' || text.back() == '.'))
        text.pop_back();
    return endsWithAny(text, keys) ? &tableRules()[1] : nullptr;
}

bool isNameByte(std::uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
        || (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.';
}

/// Letters and the underscore, and a few signs; quick to tell.
bool mayBeginName(std::uint8_t byte) { return (byte & 0xc0) == 0x40; }

/// A string that is the name of something secret.
struct Name {
    const TableLayout* layout = nullptr;
    const RuleInfo* rule = nullptr;
    std::string text;
    std::array<std::uint8_t, widestStringHeader> header {};
};

using Names = std::map<std::uint64_t, Name>; ///< by the address of the string

/// Gathers the strings that are such names.
class NameRound : public WalkRound {
public:
    explicit NameRound(std::span<const TableLayout* const> layouts)
        : m_layouts(layouts)
    {
    }

    void look(const Window& window) override
    {
        if (!window.address)
            return;
        for (const TableLayout* layout : m_layouts) {
            const std::size_t needed = layout->header + longestName + 1;
            const std::size_t end = std::min(
                window.freshEnd, window.bytes.size() - std::min(window.bytes.size(), needed));
            const KnownWord& sign = layout->sign;
            const std::uint8_t* bytes = window.bytes.data();
            for (std::size_t at = alignedFresh(window, 8); at < end; at += 8)
                if ((littleWord<std::uint64_t>(bytes + at + sign.at) & sign.mask) == sign.value
                    && mayBeginName(bytes[at + layout->header]))
                    lookAtString(window, at, *layout);
        }
    }

    void join(WalkRound& other) override
    {
        for (auto& [address, name] : static_cast<NameRound&>(other).names)
            keep(address, std::move(name));
    }

    Names names;

private:
    void lookAtString(const Window& window, std::size_t at, const TableLayout& layout)
    {
        const ByteView header = window.bytes.subspan(at, layout.header);
        const std::uint64_t size = layout.textSize(header);
        if (size < shortestName || size > longestName)
            return;
        const ByteView text
            = window.bytes.subspan(at + layout.header, static_cast<std::size_t>(size));
        if (text.data()[text.size()] != 0 || !std::all_of(text.begin(), text.end(), isNameByte))
            return;
        const RuleInfo* rule = ruleFor(asText(text));
        if (!rule)
            return;
        Name name {&layout, rule, std::string(asText(text)), {}};
        std::copy(header.begin(), header.end(), name.header.begin());
        keep(*window.address + at, std::move(name));
    }

    void keep(std::uint64_t address, Name name)
    {
        names.emplace(address, std::move(name));
        keepFirst(names, mostNames);
    }

    std::span<const TableLayout* const> m_layouts;
};

/// Gathers the entries that point at the names.
class EntryRound : public WalkRound {
public:
    explicit EntryRound(const Names& names)
        : m_names(names)
        , m_first(names.begin()->first)
        , m_reach(names.rbegin()->first - m_first)
        , m_filter(std::size_t {1} << filterBits)
    {
        for (const auto& [address, name] : names)
            m_filter[filterPlace(address)] = true;
    }

    void look(const Window& window) override
    {
        if (!window.address)
            return;
        const ByteView bytes = window.bytes;
        const std::size_t end = std::min(window.freshEnd, bytes.size());
        for (std::size_t at = alignedFresh(window, 8); at < end && bytes.size() - at >= 8;
             at += 8) {
            const std::uint64_t address = littleWord<std::uint64_t>(bytes.data() + at);
            if (address - m_first <= m_reach && m_filter[filterPlace(address)])
                lookAtPointer(bytes, at, address);
        }
    }

    void join(WalkRound& other) override
    {
        for (const Entry& entry : static_cast<EntryRound&>(other).entries)
            keep(entry);
    }

    /// The addresses of the value and of its name.
    using Entry = std::pair<std::uint64_t, std::uint64_t>;
    std::set<Entry> entries;

private:
    static constexpr unsigned filterBits = 16;
    static constexpr std::size_t entryReach = 32;

    static std::size_t filterPlace(std::uint64_t address)
    {
        return static_cast<std::size_t>(address >> 3) % (std::size_t {1} << filterBits);
    }

    void lookAtPointer(ByteView bytes, std::size_t at, std::uint64_t address)
    {
        const auto it = m_names.find(address);
        if (it == m_names.end() || at < entryReach || bytes.size() - at < entryReach)
            return;
        const TableLayout& layout = *it->second.layout;
        if (!layout.isEntry(bytes, at, ByteView(it->second.header).first(layout.header)))
            return;
        const auto value
            = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) + layout.toValue);
        keep({littleWord<std::uint64_t>(bytes.data() + value), address});
    }

    void keep(const Entry& entry)
    {
        entries.insert(entry);
        keepFirst(entries, mostEntries);
    }

    const Names& m_names;
    std::uint64_t m_first;
    std::uint64_t m_reach;
    std::vector<bool> m_filter;
};

/// What the value is worth; nothing where it is no secret.
std::optional<Confidence> worth(const Name& name, std::string_view value)
{
    const bool printable
        = std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c < 0x7f; });
    // Expressions and templates, which programs keep under the same names.
    constexpr std::array marks {"[^"sv, ".*"sv, "0123456789"sv, "abcdefghij"sv};
    const bool isPattern = value.find_first_of("\\{}<>") != value.npos
        || std::any_of(marks.begin(), marks.end(),
                       [&](std::string_view mark) { return value.find(mark) != value.npos; });
    if (!printable || isPattern || isPath(value))
        return std::nullopt;
    const KeyedValue kind = keyedValue(name.text, value);
    if (name.rule == &tableRules()[1]) {
        const bool isSecret = kind == KeyedValue::Mixed && value.size() >= shortestSecret
            && value.find(' ') == value.npos && !isIdentifier(value) && !isUuid(value)
            && entropy(value) >= leastEntropy;
        return isSecret ? std::optional(Confidence::Possible) : std::nullopt;
    }
    if (kind == KeyedValue::Mixed)
        return Confidence::Likely;
    // Words stand under such names in settings of compilers, translations and much else.
    return kind == KeyedValue::Number && value.size() >= shortestNumber
        ? std::optional(Confidence::Possible)
        : std::nullopt;
}

class TableWalk : public Walk {
public:
    explicit TableWalk(std::vector<const TableLayout*> layouts)
        : m_layouts(std::move(layouts))
    {
    }

    std::unique_ptr<WalkRound> newRound() override
    {
        if (m_round == 0)
            return std::make_unique<NameRound>(m_layouts);
        if (m_round == 1 && !m_names.empty())
            return std::make_unique<EntryRound>(m_names);
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        if (m_round++ == 0) {
            m_names = std::move(static_cast<NameRound&>(gathered).names);
            return {};
        }
        const MemoryReader memory(context.source, context.memory);
        for (const auto& [value, name] : static_cast<EntryRound&>(gathered).entries) {
            if (context.control.cancelled())
                break;
            lookAtValue(memory, value, m_names.at(name), context, sink);
        }
        return {};
    }

private:
    static void lookAtValue(const MemoryReader& memory, std::uint64_t address, const Name& name,
                            const WalkContext& context, MatchSink& sink)
    {
        const TableLayout& layout = *name.layout;
        const auto place
            = layout.valueAt(memory, address, ByteView(name.header).first(layout.header));
        if (!place || place->size < shortestPassword || place->size > longestValue)
            return;
        SecretBytes value(static_cast<std::size_t>(place->size));
        if (!memory.read(place->address, value))
            return;
        const auto confidence = worth(name, asText(value));
        if (!confidence)
            return;
        Match match;
        match.rule = name.rule;
        match.confidence = *confidence;
        match.title = name.rule->title + " (" + std::string(layout.runtime) + ")";
        match.identity = Identity {"name", shown(name.text)};
        match.places = context.memory.fileRanges(place->address, place->size);
        if (auto bytes = bytesWrittenBy(asText(value)))
            match.derived.push_back(std::move(*bytes));
        match.value = std::move(value);
        sink.add(std::move(match));
    }

    std::vector<const TableLayout*> m_layouts;
    int m_round = 0;
    Names m_names;
};

/// The layouts of the runtimes that the process had loaded; all where it is not known what it had.
std::vector<const TableLayout*> layoutsOf(const Dump& dump)
{
    std::vector<const TableLayout*> layouts;
    for (const TableLayout& layout : tableLayouts())
        if (dump.modules.empty()
            || std::any_of(dump.modules.begin(), dump.modules.end(), [&](const Module& module) {
                   return module.name.find(layout.module) != std::string::npos;
               }))
            layouts.push_back(&layout);
    return layouts;
}

std::unique_ptr<Walk> newTableWalk(const Dump& dump)
{
    auto layouts = layoutsOf(dump);
    if (layouts.empty() || dump.order != ByteOrder::Little || dump.wordSize == 4)
        return nullptr;
    return std::make_unique<TableWalk>(std::move(layouts));
}

} // namespace

extern const Detector tablesecretsDetector;
const Detector tablesecretsDetector {"tablesecrets", tableRules, 0, nullptr, false, newTableWalk};

} // namespace coredact

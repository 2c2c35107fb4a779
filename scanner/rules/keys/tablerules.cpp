// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/tablerules.h"

#include "scanner/base/characters.h"
#include "scanner/rules/generatedrule.h"
#include "scanner/rules/keys/javatypes.h"
#include "scanner/rules/keys/privatekey.h"
#include "scanner/rules/noise.h"
#include "scanner/rules/textrarity.h"
#include "scanner/rules/validators/keyedvalue.h"
#include "scanner/rules/walk.h"
#include "scanner/rules/writtenbytes.h"

#include <algorithm>
#include <array>

namespace coredact {

using namespace std::string_view_literals;

namespace {

constexpr std::size_t shortestPassword = 5;
constexpr std::size_t shortestNumber = 6;
constexpr std::size_t shortestSecret = 12;
constexpr std::size_t shortestKey = 16;
constexpr std::size_t longestKey = 128;
constexpr double leastEntropy = 3;
constexpr std::size_t mostNames = 4096;

bool endsWithAny(std::string_view text, std::span<const std::string_view> ends)
{
    return std::any_of(ends.begin(), ends.end(),
                       [&](std::string_view end) { return text.ends_with(end); });
}

/// A point of a curve, as public keys are written (SEC 1).
bool mayBePoint(ByteView bytes) { return bytes.size() % 4 == 1 && bytes[0] >= 2 && bytes[0] <= 4; }

/// Whether bytes that are no text may be a key: nothing like numbers, addresses or records.
bool mayBeKey(ByteView bytes)
{
    const auto isPrintable = [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7f; };
    const auto printable
        = static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), isPrintable));
    return bytes.size() >= shortestKey && bytes.size() <= longestKey
        && printable * 4 <= bytes.size() * 3 && looksRandom(bytes) && !mayBePoint(bytes);
}

/// Whether a name that ends with "key" says no more than that it is one ("_key", "macKey"). Names
/// of functions, and of what orders and finds things, are none.
bool namesSomeKey(std::string_view name)
{
    constexpr std::array others {"public"sv, "pub"sv,     "sort"sv,      "primary"sv,
                                 "order"sv,  "foreign"sv, "partition"sv, "cache"sv,
                                 "index"sv,  "map"sv,     "lookup"sv};
    constexpr std::array verbs {"get"sv,  "set"sv,    "is"sv,   "has"sv,  "put"sv,  "with"sv,
                                "make"sv, "create"sv, "load"sv, "read"sv, "find"sv, "generate"sv,
                                "init"sv, "add"sv,    "new"sv,  "to"sv,   "check"sv};
    constexpr std::size_t size = 3;
    const bool isWord = name[name.size() - size] == 'K';
    std::string_view owner = name.substr(0, name.size() - size);
    const bool hasSign = !owner.empty() && "_-."sv.find(owner.back()) != owner.npos;
    if (!owner.empty() && !hasSign && !isWord)
        return false;
    if (hasSign)
        owner.remove_suffix(1);
    return !endsWithAny(lowerCase(owner), others)
        && std::none_of(verbs.begin(), verbs.end(), [&](std::string_view verb) {
               return owner == verb
                   || (owner.starts_with(verb) && owner[verb.size()] >= 'A'
                       && owner[verb.size()] <= 'Z');
           });
}

/// What the value is worth; nothing where it is no secret.
std::optional<Confidence> worth(const RuleInfo& rule, std::string_view name, std::string_view value)
{
    if (&rule == &tableRules()[2])
        return std::nullopt; // text says what it is under such a name too seldom
    // Expressions and templates, which programs keep under the same names.
    constexpr std::array marks {"[^"sv, ".*"sv, "0123456789"sv, "abcdefghij"sv};
    const bool isPattern = !isDrawn(value)
        && (value.find_first_of("\\{}<>") != value.npos
            || std::any_of(marks.begin(), marks.end(),
                           [&](std::string_view mark) { return value.find(mark) != value.npos; }));
    if (!isWritten(asBytes(value)) || isPattern || isPath(value) || isJavaType(value))
        return std::nullopt;
    const KeyedValue kind = keyedValue(name, value);
    if (&rule == &tableRules()[1]) {
        const bool isSecret = kind == KeyedValue::Mixed && value.size() >= shortestSecret
            && value.find(' ') == value.npos && (isLikeNoOther(value) || !isIdentifier(value))
            && (!isUuid(value) || isRandomUuid(value)) && entropy(value) >= leastEntropy;
        return isSecret ? std::optional(Confidence::Possible) : std::nullopt;
    }
    if (kind == KeyedValue::Mixed)
        return Confidence::Likely;
    // Words stand under such names in settings of compilers, translations and much else.
    if ((kind == KeyedValue::Prose || kind == KeyedValue::Letters) && isPassphrase(value))
        return Confidence::Possible;
    return kind == KeyedValue::Number && value.size() >= shortestNumber
        ? std::optional(Confidence::Possible)
        : std::nullopt;
}

} // namespace

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
        RuleInfo {
            "table-key",
            "Key in a program's table",
            Severity::High,
            "A table of the program, or an object, has a value that is called a key, of bytes "
            "in no order: it may encrypt, sign or sign in.",
            "Find out what it is for. Make a new key, and encrypt anew what the old one "
            "opens.",
            {"generic"},
            6},
    };
    return rules;
}

bool isTableNameByte(std::uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
        || (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.'
        || byte >= 0x80;
}

const RuleInfo* tableRuleFor(std::string_view name)
{
    constexpr std::array passwords {
        "password"sv,   "passwd"sv,       "passphrase"sv,  "pwd"sv,      "_pass"sv,
        "-pass"sv,      ".pass"sv,        "_pw"sv,         "-pw"sv,      ".pw"sv,
        "bindpw"sv,     "rootpw"sv,       "passwort"sv,    "kennwort"sv, "wachtwoord"sv,
        "motdepasse"sv, "mot_de_passe"sv, "pass_phrase"sv, "passcode"sv, "senha"sv,
        "contrasena"sv, "contraseña"sv,   "heslo"sv,       "hasło"sv,    "haslo"sv,
        "salasana"sv,   "adgangskode"sv,  "lozinka"sv,     "lösenord"sv, "пароль"sv,
        "Пароль"sv,     "密码"sv,         "密碼"sv,        "口令"sv,     "パスワード"sv,
        "비밀번호"sv};
    constexpr std::array secrets {"secret"sv,      "token"sv,        "credential"sv,
                                  "credentials"sv, "secret_value"sv, "secret_key_base"sv};
    constexpr std::array keys {"secret"sv,  "api"sv,        "access"sv,  "private"sv,
                               "signing"sv, "app"sv,        "auth"sv,    "master"sv,
                               "account"sv, "encryption"sv, "jwt"sv,     "shared"sv,
                               "hmac"sv,    "crypto"sv,     "session"sv, "webhook"sv};
    constexpr std::array verbs {"get"sv,   "set"sv,    "add"sv,    "find"sv,    "read"sv, "ask"sv,
                                "check"sv, "make"sv,   "create"sv, "change"sv,  "load"sv, "test"sv,
                                "parse"sv, "prompt"sv, "verify"sv, "validate"sv};
    // Whose password it is, before a "pass" that ends other words as well.
    constexpr std::array holders {"remote"sv, "user"sv, "db"sv,    "database"sv, "smtp"sv,
                                  "imap"sv,   "ldap"sv, "bind"sv,  "root"sv,     "admin"sv,
                                  "mysql"sv,  "mail"sv, "proxy"sv, "ftp"sv,      "redis"sv};
    if (name.starts_with("_Z"))
        return nullptr; // what compilers make of a name
    std::string text = lowerCase(name);
    // What is called after what it does is a function.
    std::string_view words = text;
    words.remove_prefix(std::min(words.size(), words.find_first_not_of('_')));
    if (std::any_of(verbs.begin(), verbs.end(), [&](std::string_view verb) {
            return words.starts_with(verb) && words.size() > verb.size()
                && std::string_view("_-.").find(words[verb.size()]) != std::string_view::npos;
        }))
        return nullptr;
    if (text == "pass" || text == "pw" || endsWithAny(text, passwords))
        return &tableRules()[0];
    if (text.ends_with("pass")
        && endsWithAny(std::string_view(text).substr(0, text.size() - 4), holders))
        return &tableRules()[0];
    if (endsWithAny(text, secrets))
        return &tableRules()[1];
    if (!text.ends_with("key"))
        return nullptr;
    text.resize(text.size() - 3);
    if (!text.empty() && (text.back() == '_' || text.back() == '-' || text.back() == '.'))
        text.pop_back();
    if (endsWithAny(text, keys))
        return &tableRules()[1];
    return namesSomeKey(name) ? &tableRules()[2] : nullptr;
}

void TableNames::join(TableNames& other)
{
    m_names.merge(other.m_names);
    keepFirst(m_names, mostNames);
}

void TableNames::keep(std::uint64_t address, ByteView text)
{
    if (!std::all_of(text.begin(), text.end(), isTableNameByte))
        return;
    if (const RuleInfo* rule = tableRuleFor(asText(text)))
        m_names.emplace(address, TableName {rule, std::string(asText(text))});
    keepFirst(m_names, mostNames);
}

void tellTableValue(const WalkContext& context, const TextPlace& place, const RuleInfo& rule,
                    std::string_view name, std::string_view runtime, MatchSink& sink)
{
    if (!mayBeTableValue(place.size / place.width))
        return;
    SecretBytes value(static_cast<std::size_t>(place.size));
    if (MemoryReader(context.source, context.memory).read(place.address, value))
        tellTableText(tableValueOf(std::move(value), place.width, false),
                      context.memory.fileRanges(place.address, place.size), rule, name, runtime,
                      sink);
}

SecretBytes tableValueOf(SecretBytes units, std::size_t width, bool isBigEndian)
{
    SecretBytes text = textOfUnits(units, width, isBigEndian);
    return text.empty() && width == 1 ? std::move(units) : std::move(text);
}

bool mayBeTableValue(std::uint64_t size)
{
    return size >= shortestPassword && size <= longestTableValue;
}

std::optional<Match> tableMatch(SecretBytes value, const RuleInfo& rule, std::string_view name,
                                std::string_view runtime)
{
    // In UTF-8 a character takes up to four bytes.
    if (!mayBeTableValue(value.size()) && (value.size() > 4 * longestTableValue || isAscii(value)))
        return std::nullopt;
    const auto confidence = worth(rule, name, asText(value));
    const bool isKey = !confidence && !isWritten(value) && mayBeKey(value);
    if (!confidence && !isKey)
        return std::nullopt;
    Match match;
    match.rule = isKey ? &tableRules()[2] : &rule;
    match.confidence = confidence.value_or(Confidence::Possible);
    match.form = isKey ? ValueForm::Binary : ValueForm::Text;
    match.title = match.rule->title + " (" + std::string(runtime) + ")";
    match.identity = Identity {"name", shown(std::string(name))};
    if (auto bytes = bytesWrittenBy(asText(value)); bytes && !isKey)
        match.derived.push_back(std::move(*bytes));
    match.value = std::move(value);
    return match;
}

void tellTableText(SecretBytes value, std::vector<FileRange> places, const RuleInfo& rule,
                   std::string_view name, std::string_view runtime, MatchSink& sink)
{
    if (auto match = tableMatch(std::move(value), rule, name, runtime)) {
        match->places = std::move(places);
        sink.add(std::move(*match));
    }
}

} // namespace coredact

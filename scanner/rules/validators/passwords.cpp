// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/codec.h"
#include "scanner/rules/compiledrule.h"
#include "scanner/rules/noise.h"
#include "scanner/rules/validators/keyedvalue.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

SecretBytes bytesOf(std::string_view text) { return {text.begin(), text.end()}; }

bool isPrintable(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 0x20 && c < 0x7f) || c < 0; });
}

/// The first letter of a name, so that people can tell whose it is and others cannot.
std::string masked(std::string_view name)
{
    return name.empty() ? "(none)" : shown(name.substr(0, 1)) + "***";
}

std::optional<SecretBytes> withoutPercents(std::string_view text)
{
    if (text.find('%') == text.npos)
        return std::nullopt;
    const auto digit = [](char c) {
        const auto at = std::string_view("0123456789abcdef")
                            .find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
        return at == std::string_view::npos ? -1 : static_cast<int>(at);
    };
    SecretBytes bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0
            && digit(text[i + 2]) >= 0;
        bytes.push_back(
            escape ? static_cast<std::uint8_t>(digit(text[i + 1]) * 16 + digit(text[i + 2]))
                   : static_cast<std::uint8_t>(text[i]));
        i += escape ? 2 : 0;
    }
    return bytes;
}

} // namespace

/// Base64 of "user:password". Anything else after the word Basic is prose.
Validation basicValidator(const Candidate& candidate)
{
    const auto bytes = decodeBase64(candidate.secretText());
    if (!bytes)
        return {.proof = Proof::Absurd};
    const std::string_view both = asText(*bytes);
    const std::size_t colon = both.find(':');
    if (colon == both.npos || colon + 1 >= both.size() || !isPrintable(both))
        return {.proof = Proof::Absurd};
    const std::string_view password = both.substr(colon + 1);
    Validation validation;
    validation.identity = Identity {"user", masked(both.substr(0, colon))};
    validation.confidence = isPlaceholder(password) ? Confidence::Possible : Confidence::Likely;
    validation.derived.push_back({"user and password", ValueForm::Text, *bytes});
    // A short password would be found, and blackened, in the midst of other text.
    if (password.size() >= 6)
        validation.derived.push_back({"password", ValueForm::Text, bytesOf(password)});
    return validation;
}

/// Base64 of "authorisation identity NUL user NUL password" (RFC 4616).
Validation saslplainValidator(const Candidate& candidate)
{
    const auto bytes = decodeBase64(candidate.secretText());
    if (!bytes)
        return {.proof = Proof::Absurd};
    const std::string_view all = asText(*bytes);
    const std::size_t first = all.find('\0');
    const std::size_t second = first == all.npos ? all.npos : all.find('\0', first + 1);
    if (second == all.npos || second == first + 1 || second + 1 >= all.size())
        return {.proof = Proof::Absurd};
    const std::string_view password = all.substr(second + 1);
    if (!isPrintable(password) || !isPrintable(all.substr(first + 1, second - first - 1)))
        return {.proof = Proof::Absurd};
    Validation validation;
    validation.identity = Identity {"user", masked(all.substr(first + 1, second - first - 1))};
    validation.derived.push_back({"user and password", ValueForm::Text, *bytes});
    if (password.size() >= 6)
        validation.derived.push_back({"password", ValueForm::Text, bytesOf(password)});
    return validation;
}

namespace {

/// Whether the host behind the match, which ends with the host's first character, is one of those
/// that are kept for documentation (RFC 2606).
bool isDocumentationHost(const Candidate& candidate)
{
    const std::string_view after
        = asText(candidate.window.subspan(candidate.match.end - 1)).substr(0, 64);
    const std::string_view host = after.substr(
        0,
        after.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789.-"));
    return host == "example.com" || host == "example.org" || host == "example.net";
}

/// Whether these are user and password of Oracle's sample schema, which texts about databases of
/// any kind have in their examples.
bool isSampleLogin(std::string_view user, std::string_view password)
{
    return user == "scott" && password == "tiger";
}

} // namespace

/// scheme://user:password@host, the three as groups 1 to 3.
Validation urlpasswordValidator(const Candidate& candidate)
{
    Validation validation;
    validation.identity = Identity {
        "url", shown(candidate.group(1)) + "://" + shown(candidate.group(2), 40) + "@***"};
    if (isDocumentationHost(candidate) || isSampleLogin(candidate.group(2), candidate.group(3))) {
        validation.severity = Severity::Info;
        validation.confidence = Confidence::Possible;
        validation.title = "Password in a URL of a documentation's example";
    }
    if (auto plain = withoutPercents(candidate.group(3)); plain && plain->size() >= 6)
        validation.derived.push_back({"password", ValueForm::Text, std::move(*plain)});
    return validation;
}

/// Each kind of hash has its length.
Validation crypthashValidator(const Candidate& candidate)
{
    struct Kind {
        std::string_view mark;
        std::string_view name;
        std::size_t least;
        std::size_t most;
    };
    static constexpr auto kinds = std::to_array<Kind>({
        {"$1", "md5crypt", 22, 22},
        {"$apr1", "md5crypt (Apache)", 22, 22},
        {"$5", "sha256crypt", 43, 43},
        {"$6", "sha512crypt", 86, 86},
        {"$y", "yescrypt", 43, 43},
        {"$gy", "gost-yescrypt", 43, 43},
        {"$7", "scrypt", 43, 43},
        {"$2", "bcrypt", 53, 53},
        {"$argon2", "argon2", 22, 120},
        {"$scrypt", "scrypt", 22, 120},
        {"$pbkdf2", "pbkdf2", 22, 120},
        {"$sha1", "sha1crypt", 28, 28},
        {"$md5", "sunmd5", 22, 22},
    });
    const std::string_view mark = candidate.group(1);
    const std::string_view secret = candidate.secretText();
    const std::size_t hash = secret.size() - (secret.rfind('$') + 1); // npos + 1 is 0
    const auto kind = std::find_if(kinds.begin(), kinds.end(),
                                   [&](const Kind& one) { return mark.starts_with(one.mark); });
    if (kind == kinds.end() || hash < kind->least || hash > kind->most)
        return {.proof = Proof::Weak, .because = "its length does not fit its kind"};
    Validation validation;
    validation.title = "Password hash (" + std::string(kind->name) + ")";
    validation.identity = Identity {"hash", std::string(kind->name)};
    return validation;
}

namespace {

/// Whether "NAME=" stands at the beginning of the text.
bool beginsWithName(std::string_view text)
{
    const std::size_t equals = text.substr(0, 64).find('=');
    if (equals == 0 || equals == text.npos || (text[0] >= '0' && text[0] <= '9'))
        return false;
    return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(equals),
                       [](char c) {
                           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
                               || (c >= '0' && c <= '9') || c == '_';
                       });
}

bool endsWithAny(std::string_view name, std::initializer_list<std::string_view> endings)
{
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view ending) { return name.ends_with(ending); });
}

} // namespace

/// A variable of an environment has others beside it, NUL between them. Names that end like those
/// of files, addresses and sizes hold no secret.
Validation environmentValidator(const Candidate& candidate)
{
    std::string name(candidate.group(1));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    if (endsWithAny(name,
                    {"_FILE", "_PATH", "_DIR", "_NAME", "_ID", "_TYPE", "_TTL", "_SIZE", "_LENGTH",
                     "_TIMEOUT", "_HOST", "_PORT", "_ENABLED", "_REQUIRED"}))
        return {.proof = Proof::Absurd};
    const std::string_view value = candidate.secretText();
    if (value.size() > 2 && value.front() == value.back() && (value[0] == '\'' || value[0] == '"')
        && isPlaceholder(value.substr(1, value.size() - 2)))
        return {.proof = Proof::Absurd};
    const std::size_t end = candidate.match.end + 1;
    if (end < candidate.window.size() && beginsWithName(asText(candidate.window.subspan(end))))
        return {};
    const std::size_t size = std::min(candidate.match.begin, contextSize);
    const std::string_view before
        = candidate.text({candidate.match.begin - size, candidate.match.begin});
    if (!before.empty() && before.back() == '\0') {
        const std::size_t begin = before.substr(0, before.size() - 1).rfind('\0');
        if (begin != before.npos && beginsWithName(before.substr(begin + 1)))
            return {};
    }
    const std::string_view secret = candidate.secretText();
    if ((isIdentifier(secret) && !isPassphrase(secret)) || isNumber(secret))
        return {.proof = Proof::Absurd};
    return {.proof = Proof::Weak, .because = "no other variables stand beside it"};
}

} // namespace coredact

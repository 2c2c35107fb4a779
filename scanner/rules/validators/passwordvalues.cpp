// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/codec.h"
#include "scanner/rules/noise.h"
#include "scanner/rules/validators/verdicts.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    return out;
}

/// Letters, and what joins words.
bool isWords(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return isLetter(c) || c == '_' || c == '-' || c == ' ' || c == '.' || c == ',' || c == ':'
            || c == '\'' || c == '?' || c == '!';
    });
}

/// Words that programs and forms put beside the name of a password.
bool saysWhatItIs(std::string_view text)
{
    constexpr auto parts = std::to_array<std::string_view>(
        {"passw",     "passphrase", "kennwort", "secret",   "token",   "credential", "username",
         "string",    "require",    "optional", "prompt",   "field",   "input",      "label",
         "plain",     "varchar",    "bytes",    "char",     "getpass", "encrypt",    "invalid",
         "incorrect", "missing",    "callback", "function", "unicode", "object",     "boolean",
         "default",   "argument",   "option",   "param",    "value",   "enter",      "textbox"});
    const std::string small = lower(text);
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
        return small.find(part) != std::string::npos;
    });
}

/// name(...), name[...], name.name, $name, Name::name, name->name, and operators behind a name.
bool isProgramText(std::string_view text)
{
    if (text.starts_with('$') || text.starts_with('@') || text.starts_with('&')
        || text.starts_with('*'))
        text.remove_prefix(1);
    std::size_t name = 0;
    while (name < text.size() && (isLetter(text[name]) || isDigit(text[name]) || text[name] == '_'))
        ++name;
    if (name == 0 || isDigit(text[0]))
        return false;
    const std::string_view rest = text.substr(name);
    if (rest.starts_with("(") || rest.starts_with("[") || rest.starts_with("->")
        || rest.starts_with("::"))
        return true;
    return rest.starts_with(".") && rest.size() > 1 && isWords(rest.substr(1));
}

/// What stands right before the secret.
char before(const Candidate& candidate)
{
    return candidate.secret.begin > candidate.match.begin
        ? candidate.window[candidate.secret.begin - 1]
        : '\0';
}

bool isQuote(char c) { return c == '"' || c == '\''; }

} // namespace

/// A value behind the name of a password: words of forms and of programs are none; other words may
/// be.
Validation passwordValidator(const Candidate& candidate)
{
    const std::string_view secret = candidate.secretText();
    if (isProgramText(secret) || (isWords(secret) && saysWhatItIs(secret)))
        return {.proof = Proof::Absurd};
    if (!isWords(secret))
        return {.confidence
                = isNumber(secret) ? std::optional(Confidence::Possible) : std::nullopt};
    const bool prose = secret.find(' ') != secret.npos;
    const bool named = lower(candidate.matchText()).find("passphrase") != std::string::npos;
    // "name = word" without quotes is how programs are written.
    if ((prose && !named) || before(candidate) == ' ')
        return {.proof = Proof::Absurd};
    return {.confidence = Confidence::Possible};
}

/// As a password; the groups are the value with other fields before it, and with some after it.
Validation formpasswordValidator(const Candidate& candidate)
{
    const std::string_view secret = candidate.secretText();
    if (secret.find_first_of("\"<>{}()`") != secret.npos)
        return {.proof = Proof::Absurd};
    return passwordValidator(candidate);
}

/// Behind an option: usage texts and tables of options hold words there.
Validation argumentValidator(const Candidate& candidate)
{
    const std::string_view secret = candidate.secretText();
    const bool digit = std::any_of(secret.begin(), secret.end(), isDigit);
    const bool letter = std::any_of(secret.begin(), secret.end(), isLetter);
    if (secret.find_first_of("<>[]{}|`") != secret.npos || secret.starts_with('-')
        || isProgramText(secret) || saysWhatItIs(secret))
        return {.proof = Proof::Absurd};
    const bool small
        = std::any_of(secret.begin(), secret.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (before(candidate) != '=' && before(candidate) != ':' && !(digit && letter))
        return {.proof = Proof::Absurd};
    if (!digit && (!small || isIdentifier(secret)) && before(candidate) != '=')
        return {.proof = Proof::Absurd};
    if (isWords(secret) && !small)
        return {.proof = Proof::Absurd};
    return {};
}

/// 64 hexadecimal digits are the key itself; anything else a passphrase.
Validation wifiValidator(const Candidate& candidate)
{
    const std::string_view secret = candidate.secretText();
    if (secret.size() == 64
        && secret.find_first_not_of("0123456789abcdef") == std::string_view::npos)
        return {};
    Validation validation = passwordValidator(candidate);
    if (validation.proof == Proof::Absurd && isQuote(before(candidate)) && !saysWhatItIs(secret))
        return {.confidence = Confidence::Possible};
    return validation;
}

/// LM and NT hash. The hash of the empty password opens nothing.
Validation ntlmValidator(const Candidate& candidate)
{
    Validation validation;
    if (lower(candidate.secretText()).ends_with("31d6cfe0d16ae931b73c59d7e0c089c0")) {
        validation.severity = Severity::Info;
        validation.title = "Windows password hash of the empty password";
    }
    return validation;
}

/// Thirteen characters that no word has.
Validation descryptValidator(const Candidate& candidate)
{
    const std::string_view secret = candidate.secretText();
    if (entropy(secret) < 2.9 || isIdentifier(secret) || isNumber(secret))
        return {.proof = Proof::Absurd};
    return {};
}

/// Base64 that hides nothing: what it stands for is looked for as well.
Validation base64textValidator(const Candidate& candidate)
{
    auto bytes = decodeBase64(candidate.secretText());
    if (!bytes || bytes->empty())
        return {.proof = Proof::Absurd};
    const std::string_view text = asText(*bytes);
    if (isPlaceholder(text))
        return {.proof = Proof::Absurd};
    Validation validation;
    const bool printable
        = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    if (printable && text.size() >= 6)
        validation.derived.push_back({"plain text", ValueForm::Text, std::move(*bytes)});
    return validation;
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/base/ascii.h"
#include "scanner/rules/codec.h"
#include "scanner/rules/noise.h"
#include "scanner/rules/validators/keyedvalue.h"
#include "scanner/rules/validators/verdicts.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

/// What stands right before the secret.
char before(const Candidate& candidate)
{
    return candidate.secret.begin > candidate.match.begin
        ? static_cast<char>(candidate.window[candidate.secret.begin - 1])
        : '\0';
}

bool isQuote(char c) { return c == '"' || c == '\''; }

/// What stands in the match before the secret, from the name on.
std::string_view nameBefore(const Candidate& candidate)
{
    const std::string_view text
        = candidate.matchText().substr(0, candidate.secret.begin - candidate.match.begin);
    const std::size_t name
        = text.find_first_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return name == text.npos ? std::string_view() : text.substr(name);
}

} // namespace

/// A value that is certainly one of the name before it, by how it is written: JSON, XML, SQL.
Validation passwordValidator(const Candidate& candidate)
{
    const std::string_view name = nameBefore(candidate);
    switch (keyedValue(name, candidate.secretText())) {
    case KeyedValue::Nothing:
        break;
    case KeyedValue::Prose:
        if (lowerCase(name).find("passphrase") != std::string::npos
            || isPassphrase(candidate.secretText()))
            return {.confidence = Confidence::Possible};
        break;
    case KeyedValue::Letters:
    case KeyedValue::Number:
        return {.confidence = Confidence::Possible};
    case KeyedValue::Mixed:
        return {};
    }
    return {.proof = Proof::Absurd};
}

/// A line "name = value" or "name: value". Programs are written so as well, so it is sure only
/// beside other settings; words without quotes are nothing elsewhere.
Validation linepasswordValidator(const Candidate& candidate)
{
    const std::string_view secret = candidate.secretText();
    const bool quoted = isQuote(before(candidate));
    if (!quoted && std::string_view(",;:({[)").find(secret.back()) != std::string_view::npos
        && isIdentifier(secret.substr(0, secret.size() - 1)))
        return {.proof = Proof::Absurd};
    // The first field of a form, which has a rule of its own.
    if (const std::size_t next = secret.find('&');
        next != secret.npos && secret.find('=', next) != secret.npos)
        return {.proof = Proof::Absurd};
    const Validation validation = passwordValidator(candidate);
    if (validation.proof == Proof::Absurd)
        return validation;
    const std::string_view match = candidate.matchText();
    const std::string_view name = match.substr(0, candidate.secret.begin - candidate.match.begin);
    const bool settings = standsAmongSettings(candidate);
    const bool apart = before(candidate) == ' ' || before(candidate) == '\t';
    const bool indented = name.find("  ") < 3 && name.find('=') != name.npos;
    if (validation.confidence && apart && (indented || !settings))
        return {.proof = Proof::Absurd};
    return settings ? validation : Validation {.confidence = Confidence::Possible};
}

/// A line whose name has other meanings as well (pass: of tests): only among settings, and no word.
Validation shortlinepasswordValidator(const Candidate& candidate)
{
    const std::string_view secret = candidate.secretText();
    const bool isMixed = keyedValue(nameBefore(candidate), secret) == KeyedValue::Mixed
        && secret.find_first_of("()[]{}<>") == secret.npos;
    if (!isMixed || !standsAmongSettings(candidate))
        return {.proof = Proof::Absurd};
    return linepasswordValidator(candidate);
}

/// name=value in the midst of a text, to the next blank: another field may follow behind a comma.
Validation fieldpasswordValidator(const Candidate& candidate)
{
    std::string_view secret = candidate.secretText();
    for (std::size_t comma = secret.find(','); comma != secret.npos;
         comma = secret.find(',', comma + 1))
        if (const std::size_t equals = secret.find('=', comma); equals != secret.npos
            && equals > comma + 1 && isWords(secret.substr(comma + 1, equals - comma - 1))) {
            secret = secret.substr(0, comma);
            break;
        }
    while (!secret.empty() && std::string_view(",.)]").find(secret.back()) != secret.npos)
        secret.remove_suffix(1);
    const bool whole = secret.size() == candidate.secretText().size();
    const bool called = candidate.secretText().find(')') != secret.npos;
    if (secret.size() < 4 || secret.find_first_of("()[]{}<>|") != secret.npos
        || (called && isIdentifier(secret) && !standsAmongFields(candidate)))
        return {.proof = Proof::Absurd};
    Validation validation;
    switch (keyedValue(nameBefore(candidate), secret)) {
    case KeyedValue::Mixed:
    case KeyedValue::Number:
        break;
    case KeyedValue::Letters:
        if (whole && standsAmongFields(candidate))
            break;
        [[fallthrough]];
    default:
        return {.proof = Proof::Absurd};
    }
    validation.spans.push_back({candidate.secret.begin, candidate.secret.begin + secret.size()});
    return validation;
}

/// The groups are the value with other fields before it, and with some after it.
Validation formpasswordValidator(const Candidate& candidate)
{
    const std::string_view secret = candidate.secretText();
    if (secret.find_first_of("\"<>{}()`") != secret.npos)
        return {.proof = Proof::Absurd};
    return passwordValidator(candidate);
}

/// A secret in a configuration: neither what its name says nor a message.
Validation settingValidator(const Candidate& candidate)
{
    const bool nothing
        = keyedValue(nameBefore(candidate), candidate.secretText()) == KeyedValue::Nothing;
    return {.proof = nothing ? Proof::Absurd : Proof::Unknown};
}

namespace {

/// Whether the text begins like the next string of a process's arguments or environment.
bool isNextString(std::string_view text)
{
    if (text.size() > 2 && text[0] == '-')
        return isLetter(text[1]) || (text[1] == '-' && isLetter(text[2]));
    const std::size_t name
        = text.substr(0, 64).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
    return name != text.npos && name > 1 && text[name] == '=';
}

} // namespace

/// Behind an option: usage texts and tables of options hold words there.
Validation argumentValidator(const Candidate& candidate)
{
    const std::string_view secret = candidate.secretText();
    if (secret.find_first_of("<>[]{}|`") != secret.npos || secret.starts_with('-')
        || saysWhatItIs(secret))
        return {.proof = Proof::Absurd};
    const auto has
        = [&](bool (*is)(char)) { return std::any_of(secret.begin(), secret.end(), is); };
    const bool small = has([](char c) { return c >= 'a' && c <= 'z'; });
    const bool joined = before(candidate) == '=' || before(candidate) == ':';
    const bool ended = candidate.matchText().back() == '\0';
    const bool argument = ended && (joined || before(candidate) == '\0');
    switch (keyedValue({}, secret)) {
    case KeyedValue::Mixed:
        if (!joined && !(has(isDigit) && has(isLetter)))
            break;
        return {.confidence = argument ? std::nullopt : std::optional(Confidence::Possible)};
    case KeyedValue::Number:
        if (joined || argument)
            return {.confidence = Confidence::Possible};
        break;
    case KeyedValue::Letters:
        if (small
            && (joined || isPassphrase(secret)
                || (argument
                    && isNextString(asText(candidate.window.subspan(candidate.match.end))))))
            return {.confidence = Confidence::Possible};
        break;
    case KeyedValue::Nothing:
    case KeyedValue::Prose:
        break;
    }
    return {.proof = Proof::Absurd};
}

/// A parameter of FastCGI or SCGI. Tables of strings look the same, but what stands behind such a
/// name there is mostly another name, and so is what comes next here.
Validation parametersecretValidator(const Candidate& candidate)
{
    const std::string_view secret = candidate.secretText();
    const auto has
        = [&](bool (*is)(char)) { return std::any_of(secret.begin(), secret.end(), is); };
    const std::string_view next
        = asText(candidate.window.subspan(candidate.match.end)).substr(0, 64);
    const std::size_t name = next.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
    const bool goesOn = name == next.npos ? next.empty() : next[name] == '\0';
    if (!goesOn || !has(isLetter) || secret.find('%') != secret.npos
        || keyedValue(nameBefore(candidate), secret) != KeyedValue::Mixed)
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
    if (lowerCase(candidate.secretText()).ends_with("31d6cfe0d16ae931b73c59d7e0c089c0")) {
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

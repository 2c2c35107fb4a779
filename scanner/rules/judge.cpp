// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/compiledrule.h"
#include "scanner/rules/noise.h"
#include "scanner/rules/writtenbytes.h"

#include <algorithm>

namespace coredact {

namespace {

std::string lower(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    return out;
}

/// The match and what stands just before it.
std::string_view surroundings(const Candidate& candidate)
{
    const std::size_t before = std::min(candidate.match.begin, contextSize);
    return candidate.text({candidate.match.begin - before, candidate.match.end});
}

bool hasKeyword(const TextRule& rule, const Candidate& candidate)
{
    if (rule.keywords.empty())
        return true;
    const std::string text = lower(surroundings(candidate));
    return std::any_of(rule.keywords.begin(), rule.keywords.end(), [&](const std::string& word) {
        return text.find(word) != std::string::npos;
    });
}

bool isLineByte(std::uint8_t byte) { return byte >= 0x20 || byte == '\t'; }

/// The line around the match. A dump has binary bytes where a text file has line ends.
std::string_view lineOf(const Candidate& candidate)
{
    constexpr std::size_t after = 512;
    Span line = candidate.match;
    while (line.begin > 0 && candidate.match.begin - line.begin < contextSize
           && isLineByte(candidate.window[line.begin - 1]))
        --line.begin;
    while (line.end < candidate.window.size() && line.end - candidate.match.end < after
           && isLineByte(candidate.window[line.end]))
        ++line.end;
    return candidate.text(line);
}

bool finds(const re2::RE2& regex, std::string_view text)
{
    return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), regex);
}

bool allows(const CompiledAllowlist& list, const Candidate& candidate)
{
    std::string_view text = candidate.secretText();
    if (list.target == AllowTarget::Match)
        text = candidate.matchText();
    else if (list.target == AllowTarget::Line)
        text = lineOf(candidate);
    const bool byRegex = list.regexes && finds(*list.regexes, text);
    const bool byWord = list.stopWords && finds(*list.stopWords, candidate.secretText());
    if (list.all)
        return (!list.regexes || byRegex) && (!list.stopWords || byWord);
    return byRegex || byWord;
}

bool passes(ValueGate gate, std::string_view secret)
{
    if (gate == ValueGate::None)
        return true;
    if (isPlaceholder(secret) || isPath(secret))
        return false;
    return gate == ValueGate::Loose || isRandomUuid(secret)
        || !(isIdentifier(secret) || isNumber(secret) || isUuid(secret));
}

Confidence confidenceOf(const TextRule& rule, const Validation& validation)
{
    switch (validation.proof) {
    case Proof::Holds:
        return Confidence::Verified;
    case Proof::Weak:
        return Confidence::Possible;
    case Proof::Unknown:
    case Proof::Absurd:
        break;
    }
    return validation.confidence.value_or(rule.confidence);
}

std::optional<Identity> shownPart(const TextRule& rule, const Candidate& candidate)
{
    if (!rule.identity)
        return std::nullopt;
    const std::string_view text = candidate.group(static_cast<std::size_t>(rule.identity->group));
    if (text.empty())
        return std::nullopt;
    return Identity {rule.identity->kind, shown(text)};
}

/// The secret with its prefix ("ghp_"). A match that takes in more around the secret may hold
/// another secret there, so it speaks for the secret only.
Span wholeOf(const Candidate& candidate)
{
    constexpr std::size_t longestPrefix = 16;
    constexpr std::size_t longestEnd = 4;
    if (candidate.secret.begin - candidate.match.begin > longestPrefix
        || candidate.match.end - candidate.secret.end > longestEnd)
        return {};
    return candidate.match;
}

/// A placeholder, or what a redaction wrote.
bool isOneCharacter(std::string_view text)
{
    return text.find_first_not_of(text.substr(0, 1)) == std::string_view::npos;
}

/// The value, where the validator found it elsewhere than the expression did as well.
std::string_view valueOf(const Candidate& candidate, const Validation& validation)
{
    return validation.spans.size() == 1 ? candidate.text(validation.spans.front())
                                        : candidate.secretText();
}

void addBytesWrittenBy(std::string_view value, const TextRule& rule, Match& match)
{
    if (auto bytes = bytesWrittenBy(value); bytes && rule.info.pack != "personal-data")
        match.derived.push_back(std::move(*bytes));
}

} // namespace

std::vector<Match> judge(const CompiledRule& compiled, const Candidate& candidate)
{
    const TextRule& rule = compiled.rule;
    const std::string_view secret = candidate.secretText();
    if (!hasKeyword(rule, candidate) || !passes(rule.gate, secret)
        || (rule.entropy > 0 && entropy(secret) < rule.entropy))
        return {};
    const auto& lists = compiled.allowlists;
    if (std::any_of(lists.begin(), lists.end(),
                    [&](const CompiledAllowlist& list) { return allows(list, candidate); }))
        return {};
    Validation validation = rule.validator ? rule.validator(candidate) : Validation();
    if (validation.proof == Proof::Absurd)
        return {};
    const std::string_view value = valueOf(candidate, validation);
    if (isOneCharacter(value))
        return {};

    Match match;
    match.rule = &rule.info;
    match.confidence = confidenceOf(rule, validation);
    match.severity = validation.severity;
    match.title = std::move(validation.title);
    match.identity
        = validation.identity ? std::move(validation.identity) : shownPart(rule, candidate);
    match.proof = std::move(validation.because);
    match.spans = std::move(validation.spans);
    if (match.spans.empty())
        match.spans.push_back(candidate.secret);
    match.whole = wholeOf(candidate);
    match.matched = candidate.match;
    match.form = ValueForm::Text;
    match.derived = std::move(validation.derived);
    std::vector<Match> matches {match};
    addBytesWrittenBy(value, rule, matches.front());
    for (const Span& other : validation.others) {
        Match more = match;
        more.spans = {other};
        more.whole = {};
        more.derived.clear();
        addBytesWrittenBy(candidate.text(other), rule, more);
        matches.push_back(std::move(more));
    }
    return matches;
}

} // namespace coredact

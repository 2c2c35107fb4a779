// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/compiledrule.h"

namespace coredact {

namespace {

Result<std::unique_ptr<const re2::RE2>> oneOf(const std::vector<std::string>& alternatives,
                                              bool ignoreCase)
{
    std::string text;
    for (const std::string& alternative : alternatives)
        text += (text.empty() ? "(?:" : "|(?:") + alternative + ')';
    RE2::Options options;
    options.set_encoding(RE2::Options::EncodingLatin1);
    options.set_log_errors(false);
    options.set_case_sensitive(!ignoreCase);
    auto regex = std::make_unique<const RE2>(text, options);
    if (!regex->ok())
        return Error {ErrorCode::Malformed, "an allowlist cannot be used: " + regex->error(), {}};
    return regex;
}

Result<CompiledAllowlist> compileAllowlist(const Allowlist& list)
{
    CompiledAllowlist compiled;
    compiled.all = list.all;
    compiled.target = list.target;
    if (!list.regexes.empty()) {
        auto regexes = oneOf(list.regexes, false);
        if (!regexes)
            return regexes.error();
        compiled.regexes = std::move(*regexes);
    }
    if (!list.stopWords.empty()) {
        std::vector<std::string> quoted;
        for (const std::string& word : list.stopWords)
            quoted.push_back(RE2::QuoteMeta(word));
        auto words = oneOf(quoted, true);
        if (!words)
            return words.error();
        compiled.stopWords = std::move(*words);
    }
    return compiled;
}

} // namespace

Result<std::unique_ptr<const CompiledRule>> compileRule(TextRule rule)
{
    auto compiled = std::make_unique<CompiledRule>();
    auto pattern = compile(rule);
    if (!pattern)
        return pattern.error();
    compiled->pattern = std::move(*pattern);
    for (const Allowlist& list : rule.allowlists) {
        auto ready = compileAllowlist(list);
        if (!ready)
            return ready.error();
        compiled->allowlists.push_back(std::move(*ready));
    }
    compiled->rule = std::move(rule);
    return std::unique_ptr<const CompiledRule>(std::move(compiled));
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ruleset.h"

#include "scanner/rules/rulefile.h"
#include "scanner/rules/textscanner.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <openssl/evp.h>

namespace coredact {

struct RuleSet::Compiled {
    std::shared_ptr<TextRules> text = std::make_shared<TextRules>();
    std::vector<RuleProblem> problems;
    std::map<std::string_view, const RuleInfo*> rules; ///< those in use, by id
    std::string digest;
    std::size_t maximumSize = 0;
};

namespace {

/// Takes texts one after the other, each with its length, so that none can pass for two.
class TextDigest {
public:
    TextDigest()
        : m_context(EVP_MD_CTX_new(), EVP_MD_CTX_free)
    {
        EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr);
    }
    void add(std::string_view text)
    {
        const std::string size = std::to_string(text.size()) + ':';
        EVP_DigestUpdate(m_context.get(), size.data(), size.size());
        EVP_DigestUpdate(m_context.get(), text.data(), text.size());
    }
    std::string hex()
    {
        std::array<unsigned char, 32> bytes {};
        EVP_DigestFinal_ex(m_context.get(), bytes.data(), nullptr);
        constexpr std::string_view digits = "0123456789abcdef";
        std::string text = "sha256:";
        for (const unsigned char byte : bytes) {
            text += digits[byte >> 4];
            text += digits[byte & 15];
        }
        return text;
    }

private:
    std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> m_context;
};

bool isDisabled(const RuleSetOptions& options, const RuleInfo& rule)
{
    const auto in = [](const std::vector<std::string>& list, const std::string& text) {
        return std::find(list.begin(), list.end(), text) != list.end();
    };
    return in(options.disabled, rule.id) || in(options.packsOff, rule.pack);
}

std::string digestOf(std::span<const RuleFile> files, const RuleSetOptions& options)
{
    TextDigest digest;
    digest.add(COREDACT_VERSION);
    if (options.defaults)
        for (const Detector* detector : detectors()) {
            digest.add(detector->name);
            for (const RuleInfo& rule : detector->rules())
                digest.add(rule.id);
        }
    for (std::vector<std::string> left : {options.disabled, options.packsOff}) {
        std::sort(left.begin(), left.end());
        digest.add(std::to_string(left.size()));
        for (const std::string& name : left)
            digest.add(name);
    }
    if (options.defaults)
        for (const RuleFile& file : RuleSet::defaultFiles())
            digest.add(file.text);
    for (const RuleFile& file : files)
        digest.add(file.text);
    return digest.hex();
}

/// Compiles the rules of all files; a rule whose id is taken already is a problem.
class Loader {
public:
    Loader(const RuleSetOptions& options, std::vector<RuleProblem>& problems,
           std::map<std::string_view, const RuleInfo*>& rules)
        : m_options(options)
        , m_problems(problems)
        , m_rules(rules)
    {
    }

    void takeDetectors(std::size_t& maximumSize)
    {
        for (const Detector* detector : detectors()) {
            bool used = false;
            for (const RuleInfo& rule : detector->rules()) {
                meet(rule);
                if (isDisabled(m_options, rule))
                    continue;
                m_rules.emplace(rule.id, &rule);
                used = true;
            }
            if (used)
                maximumSize = std::max(maximumSize, detector->maximumSize);
        }
    }

    void takeFile(const RuleFile& file)
    {
        ParsedRules parsed = parseRules(file);
        m_problems.insert(m_problems.end(), parsed.problems.begin(), parsed.problems.end());
        for (TextRule& rule : parsed.rules)
            takeRule(std::move(rule));
    }

    /// Who misspells what to leave out must not believe that it was left out.
    void tellOfUnknown()
    {
        const auto tell = [&](const std::string& rule, std::string message) {
            m_problems.push_back({"what to leave out", rule, std::move(message), false});
        };
        for (const std::string& id : m_options.disabled)
            if (!m_ids.contains(id))
                tell(id, "there is no such rule");
        for (const std::string& pack : m_options.packsOff)
            if (!m_packs.contains(pack))
                tell({}, "no rule is in the pack " + pack);
    }

    /// All rules as one automaton; those that it cannot take are dropped.
    Status finish(TextRules& text, std::size_t& maximumSize)
    {
        std::vector<PrefilterPattern> patterns;
        for (const auto& rule : m_compiled)
            patterns.push_back(
                {rule->pattern.probe, rule->pattern.width,
                 ClassRun::of(rule->rule.run.empty() ? rule->rule.regex : rule->rule.run)});
        std::vector<AutomatonRefusal> refused;
        auto prefilter = Prefilter::make(std::move(patterns), refused,
                                         AutomatonCache(m_options.cacheFile));
        if (!prefilter)
            return prefilter.error();
        for (const AutomatonRefusal& refusal : refused) {
            const TextRule& rule = m_compiled[refusal.id]->rule;
            m_problems.push_back({rule.file, rule.info.id,
                                  "the pattern engine refuses the expression: " + refusal.reason,
                                  true});
            m_rules.erase(rule.info.id);
        }
        for (const auto& rule : m_compiled)
            maximumSize = std::max(maximumSize, rule->pattern.width);
        text.prefilter = std::move(*prefilter);
        text.rules = std::move(m_compiled);
        return {};
    }

private:
    void meet(const RuleInfo& rule)
    {
        m_ids.insert(rule.id);
        m_packs.insert(rule.pack);
    }

    void takeRule(TextRule rule)
    {
        const std::string id = rule.info.id;
        const std::string file = rule.file;
        meet(rule.info);
        if (isDisabled(m_options, rule.info))
            return;
        if (m_rules.contains(id)) {
            m_problems.push_back({file, id, "another rule has this id", true});
            return;
        }
        auto compiled = compileRule(std::move(rule));
        if (!compiled) {
            m_problems.push_back({file, id, compiled.error().message, true});
            return;
        }
        m_compiled.push_back(std::move(*compiled));
        const RuleInfo& info = m_compiled.back()->rule.info;
        m_rules.emplace(info.id, &info);
    }

    const RuleSetOptions& m_options;
    std::vector<RuleProblem>& m_problems;
    std::map<std::string_view, const RuleInfo*>& m_rules;
    std::vector<std::unique_ptr<const CompiledRule>> m_compiled;
    std::set<std::string> m_ids; ///< of all rules, whether in use or not
    std::set<std::string> m_packs;
};

} // namespace

Result<RuleSet> RuleSet::load(std::span<const RuleFile> files, const RuleSetOptions& options)
{
    auto compiled = std::make_shared<Compiled>();
    Loader loader(options, compiled->problems, compiled->rules);
    if (options.defaults) {
        loader.takeDetectors(compiled->maximumSize);
        for (const RuleFile& file : defaultFiles())
            loader.takeFile(file);
    }
    for (const RuleFile& file : files)
        loader.takeFile(file);
    loader.tellOfUnknown();
    if (const Status status = loader.finish(*compiled->text, compiled->maximumSize); !status)
        return status.error();
    if (compiled->rules.empty())
        return Error {ErrorCode::Malformed,
                      compiled->problems.empty()
                          ? "there is no rule to use"
                          : "no rule can be used: " + compiled->problems.front().message,
                      {}};
    compiled->digest = digestOf(files, options);
    return RuleSet(std::move(compiled));
}

RuleSet::RuleSet(std::shared_ptr<const Compiled> compiled)
    : m_compiled(std::move(compiled))
{
}

const std::vector<RuleProblem>& RuleSet::problems() const { return m_compiled->problems; }

std::vector<const RuleInfo*> RuleSet::rules() const
{
    std::vector<const RuleInfo*> rules;
    for (const auto& [id, rule] : m_compiled->rules)
        rules.push_back(rule);
    return rules;
}

const RuleInfo* RuleSet::find(std::string_view id) const
{
    const auto it = m_compiled->rules.find(id);
    return it == m_compiled->rules.end() ? nullptr : it->second;
}

bool RuleSet::enabled(const RuleInfo& rule) const { return m_compiled->rules.contains(rule.id); }

const std::string& RuleSet::digest() const { return m_compiled->digest; }

std::size_t RuleSet::maximumSize() const { return m_compiled->maximumSize; }

std::unique_ptr<TextScanner> RuleSet::newTextScanner() const
{
    return makeTextScanner(m_compiled->text);
}

} // namespace coredact

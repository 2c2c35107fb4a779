// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/rulefile.h"

#include "scanner/rules/classruns.h"
#include "scanner/rules/pattern.h"
#include "scanner/rules/rulefields.h"

#include <algorithm>

namespace coredact {

namespace {

/// What rules of the file have that do not say otherwise.
struct Defaults {
    Severity severity = Severity::Medium;
    Confidence confidence = Confidence::Likely;
    int precedence = 30; ///< above generic text, below distinctive tokens
    std::string pack = "secrets";
    std::string remediation = "Revoke or replace this secret where it was issued, then look at "
                              "what was done with it since the dump was made.";
    std::vector<std::string> tags;
    std::string leftEdge;
    std::string rightEdge;
};

std::string lower(std::string text)
{
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    return text;
}

template <typename Enum>
void readWord(RuleFields& fields, std::string_view name, Enum& target,
              std::optional<Enum> (*from)(std::string_view))
{
    const auto word = fields.text(name);
    if (!word)
        return;
    if (const auto value = from(*word))
        target = *value;
    else
        fields.complain("\"" + *word + "\" is no " + std::string(name), true);
}

std::optional<ValueGate> gateFrom(std::string_view word)
{
    if (word == "none")
        return ValueGate::None;
    if (word == "loose")
        return ValueGate::Loose;
    if (word == "strict")
        return ValueGate::Strict;
    return std::nullopt;
}

std::optional<AllowTarget> targetFrom(std::string_view word)
{
    if (word == "secret")
        return AllowTarget::Secret;
    if (word == "match")
        return AllowTarget::Match;
    if (word == "line")
        return AllowTarget::Line;
    return std::nullopt;
}

/// Reads an allowlist; nothing when no condition is left that Coredact can ask about.
std::optional<Allowlist> readAllowlist(const toml::table& table, const RuleFile& file,
                                       const std::string& rule, std::vector<RuleProblem>& problems)
{
    RuleFields fields(table, file.name, rule, problems);
    Allowlist list;
    fields.text("id");
    fields.text("description");
    const std::string condition = lower(fields.text("condition").value_or("OR"));
    list.all = condition == "and" || condition == "&&";
    if (!list.all && condition != "or" && condition != "||")
        fields.complain("an allowlist's condition must be AND or OR");
    readWord(fields, "regexTarget", list.target, targetFrom);
    list.regexes = fields.texts("regexes");
    for (const std::string& word : fields.texts("stopwords"))
        if (!word.empty())
            list.stopWords.push_back(lower(word));
    list.rules = fields.texts("targetRules");
    bool impossible = false;
    for (const std::string_view name : {"paths", "commits"}) {
        if (!fields.node(name))
            continue;
        fields.complain("an allowlist asks for " + std::string(name)
                        + ", which a dump does not have; "
                        + (list.all ? "the allowlist is left out" : "that part is left out"));
        impossible = impossible || list.all;
    }
    fields.complainOfUnknown();
    if (impossible || fields.fatal() || (list.regexes.empty() && list.stopWords.empty()))
        return std::nullopt;
    return list;
}

void readAllowlists(RuleFields& fields, const RuleFile& file, const std::string& rule,
                    std::vector<RuleProblem>& problems, std::vector<Allowlist>& lists)
{
    for (const std::string_view name : {"allowlist", "allowlists"})
        for (const toml::table* table : fields.tables(name))
            if (auto list = readAllowlist(*table, file, rule, problems))
                lists.push_back(std::move(*list));
}

/// The fields that a file's [defaults] may have too.
template <typename Target>
void readCommon(RuleFields& fields, Target& target, Confidence& confidence, std::string& left,
                std::string& right)
{
    readWord(fields, "severity", target.severity, severityFrom);
    readWord(fields, "confidence", confidence, confidenceFrom);
    if (const auto precedence = fields.number("precedence", 0, 100))
        target.precedence = static_cast<int>(*precedence);
    if (auto pack = fields.text("pack"))
        target.pack = std::move(*pack);
    if (auto remediation = fields.text("remediation"))
        target.remediation = std::move(*remediation);
    if (fields.has("tags"))
        target.tags = fields.texts("tags");
    if (auto edge = fields.text("leftEdge"))
        left = std::move(*edge);
    if (auto edge = fields.text("rightEdge"))
        right = std::move(*edge);
}

void readIdentity(RuleFields& fields, TextRule& rule, const RuleFile& file,
                  std::vector<RuleProblem>& problems)
{
    const toml::node* found = fields.node("identity");
    if (!found)
        return;
    const toml::table* table = found->as_table();
    if (!table) {
        fields.complain("the field \"identity\" must be a table with kind and group", true);
        return;
    }
    RuleFields parts(*table, file.name, rule.info.id, problems);
    ShownPart shownPart;
    shownPart.kind = parts.text("kind").value_or("");
    shownPart.group = static_cast<int>(parts.number("group", 0, 50).value_or(0));
    parts.complainOfUnknown();
    if (shownPart.kind.empty())
        fields.complain("an identity needs a kind", true);
    rule.identity = shownPart;
}

void readWhatItFinds(RuleFields& fields, TextRule& rule)
{
    rule.regex = fields.text("regex").value_or("");
    rule.run = fields.text("run").value_or("");
    if (!rule.run.empty() && !ClassRun::of(rule.run))
        fields.complain("the field \"run\" must be like [0-9a-f]{40}, of 24 and more", true);
    rule.secretGroup = static_cast<int>(fields.number("secretGroup", 0, 50).value_or(0));
    rule.entropy = fields.fraction("entropy").value_or(0);
    for (const std::string& word : fields.texts("keywords"))
        rule.keywords.push_back(lower(word));
    rule.maximumSize = static_cast<std::size_t>(
        fields.number("maximumSize", 1, static_cast<std::int64_t>(largestMaximumSize)).value_or(0));
    readWord(fields, "valueGate", rule.gate, gateFrom);
    rule.validatorName = fields.text("validator").value_or("");
    if (!rule.validatorName.empty()) {
        rule.validator = validatorNamed(rule.validatorName);
        rule.screen = screenNamed(rule.validatorName);
        if (!rule.validator)
            fields.complain("there is no validator \"" + rule.validatorName + "\"");
    }
    rule.examples = fields.joinedTexts("examples");
    rule.counterExamples = fields.joinedTexts("counterExamples");
}

/// What gitleaks' rules may ask for and a scan of memory cannot do.
void complainOfForeign(RuleFields& fields, const TextRule& rule)
{
    if (fields.node("path"))
        fields.complain(rule.regex.empty()
                            ? "the rule looks at file names only, which a dump does not have"
                            : "\"path\" has no effect: the rule is used everywhere",
                        rule.regex.empty());
    if (fields.node("required"))
        fields.complain("\"required\" has no effect: the rule is used without its companions");
    if (fields.node("skipReport"))
        fields.complain("\"skipReport\" is not done: what the rule finds is reported");
    for (const std::string_view name : {"filter", "prefilter", "validate", "specificity"})
        if (fields.node(name))
            fields.complain("\"" + std::string(name) + "\" has no effect: more may be found");
    if (rule.regex.empty() && !fields.has("path"))
        fields.complain("the rule has no regex", true);
}

TextRule readRule(const toml::table& table, const RuleFile& file, const Defaults& defaults,
                  std::vector<RuleProblem>& problems, bool& usable)
{
    const std::string id = table["id"].value_or(std::string());
    RuleFields fields(table, file.name, id, problems);
    TextRule rule;
    rule.file = file.name;
    rule.info
        = {id, {}, defaults.severity, {}, defaults.remediation, defaults.tags, defaults.precedence};
    rule.info.pack = defaults.pack;
    rule.confidence = defaults.confidence;
    rule.leftEdge = defaults.leftEdge;
    rule.rightEdge = defaults.rightEdge;
    fields.text("id");
    if (id.empty())
        fields.complain("a rule has no id", true);
    const std::string description = fields.text("description").value_or("");
    rule.info.title = fields.text("title").value_or(description.empty() ? id : description);
    rule.info.explanation = fields.text("explanation").value_or(description);
    readCommon(fields, rule.info, rule.confidence, rule.leftEdge, rule.rightEdge);
    readWhatItFinds(fields, rule);
    readIdentity(fields, rule, file, problems);
    readAllowlists(fields, file, id, problems, rule.allowlists);
    complainOfForeign(fields, rule);
    fields.complainOfUnknown();
    usable = !fields.fatal();
    return rule;
}

Defaults readDefaults(RuleFields& top, const RuleFile& file, std::vector<RuleProblem>& problems)
{
    Defaults defaults;
    for (const toml::table* table : top.tables("defaults")) {
        RuleFields fields(*table, file.name, "", problems);
        readCommon(fields, defaults, defaults.confidence, defaults.leftEdge, defaults.rightEdge);
        fields.complainOfUnknown();
    }
    return defaults;
}

void readFile(const toml::table& root, const RuleFile& file, ParsedRules& parsed)
{
    RuleFields top(root, file.name, "", parsed.problems);
    top.text("title");
    top.node("minVersion");
    if (top.node("extend"))
        top.complain("\"extend\" has no effect: give each rule file by itself");
    for (const std::string_view name : {"filter", "prefilter"})
        if (top.node(name))
            top.complain("\"" + std::string(name) + "\" has no effect: more may be found");
    const Defaults defaults = readDefaults(top, file, parsed.problems);
    std::vector<Allowlist> forAll;
    readAllowlists(top, file, "", parsed.problems, forAll);
    for (const toml::table* table : top.tables("rules")) {
        if (parsed.rules.size() >= mostRules) {
            top.complain("more than " + std::to_string(mostRules) + " rules; the rest is left out");
            break;
        }
        bool usable = false;
        TextRule rule = readRule(*table, file, defaults, parsed.problems, usable);
        if (!usable)
            continue;
        for (const Allowlist& list : forAll)
            if (list.rules.empty()
                || std::find(list.rules.begin(), list.rules.end(), rule.info.id)
                    != list.rules.end())
                rule.allowlists.push_back(list);
        parsed.rules.push_back(std::move(rule));
    }
    top.complainOfUnknown();
}

} // namespace

ParsedRules parseRules(const RuleFile& file)
{
    ParsedRules parsed;
    if (file.text.size() > largestRuleFile) {
        parsed.problems.push_back(
            {file.name, "", "the file is larger than " + std::to_string(largestRuleFile) + " bytes",
             true});
        return parsed;
    }
    try {
        readFile(toml::parse(file.text, file.name), file, parsed);
    } catch (const toml::parse_error& error) {
        const auto& where = error.source().begin;
        parsed.problems.push_back({file.name, "",
                                   "line " + std::to_string(where.line) + ", column "
                                       + std::to_string(where.column) + ": "
                                       + std::string(error.description()),
                                   true});
    }
    return parsed;
}

} // namespace coredact

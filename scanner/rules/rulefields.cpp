// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/rulefields.h"

#include <algorithm>

namespace coredact {

RuleFields::RuleFields(const toml::table& table, std::string file, std::string rule,
                       std::vector<RuleProblem>& problems)
    : m_table(table)
    , m_file(std::move(file))
    , m_rule(std::move(rule))
    , m_problems(problems)
{
}

const toml::node* RuleFields::node(std::string_view name)
{
    m_known.emplace_back(name);
    return m_table.get(name);
}

std::optional<std::string> RuleFields::text(std::string_view name)
{
    const toml::node* found = node(name);
    if (!found)
        return std::nullopt;
    const auto value = found->value_exact<std::string>();
    if (!value)
        wrongType(name, "a text");
    return value;
}

std::optional<std::int64_t> RuleFields::number(std::string_view name, std::int64_t least,
                                               std::int64_t most)
{
    const toml::node* found = node(name);
    if (!found)
        return std::nullopt;
    const auto value = found->value_exact<std::int64_t>();
    if (!value || *value < least || *value > most) {
        wrongType(name, "a number from " + std::to_string(least) + " to " + std::to_string(most));
        return std::nullopt;
    }
    return value;
}

std::optional<double> RuleFields::fraction(std::string_view name)
{
    const toml::node* found = node(name);
    if (!found)
        return std::nullopt;
    const auto value = found->value<double>();
    if (!value || !(*value >= 0 && *value <= 8)) {
        wrongType(name, "a number from 0 to 8");
        return std::nullopt;
    }
    return value;
}

std::vector<std::string> RuleFields::texts(std::string_view name)
{
    std::vector<std::string> values;
    const toml::node* found = node(name);
    if (!found)
        return values;
    const toml::array* array = found->as_array();
    if (!array) {
        wrongType(name, "a list of texts");
        return values;
    }
    for (const toml::node& item : *array) {
        if (const auto value = item.value_exact<std::string>())
            values.push_back(*value);
        else
            wrongType(name, "a list of texts");
    }
    return values;
}

std::vector<std::string> RuleFields::joinedTexts(std::string_view name)
{
    std::vector<std::string> values;
    const toml::node* found = node(name);
    if (!found)
        return values;
    const toml::array* array = found->as_array();
    if (!array) {
        wrongType(name, "a list");
        return values;
    }
    for (const toml::node& item : *array) {
        std::string joined;
        bool right = true;
        if (const auto whole = item.value_exact<std::string>()) {
            joined = *whole;
        } else if (const toml::array* pieces = item.as_array()) {
            for (const toml::node& piece : *pieces) {
                const auto part = piece.value_exact<std::string>();
                right = right && part;
                joined += part.value_or("");
            }
        } else {
            right = false;
        }
        if (right)
            values.push_back(joined);
        else
            wrongType(name, "a list of texts, or of lists of texts to be joined");
    }
    return values;
}

std::vector<const toml::table*> RuleFields::tables(std::string_view name)
{
    std::vector<const toml::table*> values;
    const toml::node* found = node(name);
    if (!found)
        return values;
    if (const toml::table* one = found->as_table()) {
        values.push_back(one);
    } else if (const toml::array* array = found->as_array()) {
        for (const toml::node& item : *array) {
            if (const toml::table* table = item.as_table())
                values.push_back(table);
            else
                wrongType(name, "a list of tables");
        }
    } else {
        wrongType(name, "a table or a list of tables");
    }
    return values;
}

void RuleFields::complain(std::string message, bool fatal)
{
    m_fatal = m_fatal || fatal;
    m_problems.push_back({m_file, m_rule, std::move(message), fatal});
}

void RuleFields::complainOfUnknown()
{
    for (const auto& [key, value] : m_table) {
        const std::string_view name = key.str();
        if (std::find(m_known.begin(), m_known.end(), name) == m_known.end())
            complain("the field \"" + std::string(name) + "\" is not known and has no effect");
    }
}

void RuleFields::wrongType(std::string_view name, std::string_view wanted)
{
    complain("the field \"" + std::string(name) + "\" must be " + std::string(wanted), true);
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ruleset.h"

#include <optional>
#include <string>
#include <vector>

#include <toml++/toml.h>

namespace coredact {

/// Reads the fields of one TOML table, collecting problems; every field that nobody asked for is
/// a problem too, so that nothing is dropped in silence.
class RuleFields {
public:
    RuleFields(const toml::table& table, std::string file, std::string rule,
               std::vector<RuleProblem>& problems);

    const toml::node* node(std::string_view name);
    bool has(std::string_view name) const { return m_table.contains(name); }
    std::optional<std::string> text(std::string_view name);
    std::optional<std::int64_t> number(std::string_view name, std::int64_t least,
                                       std::int64_t most);
    std::optional<double> fraction(std::string_view name);
    std::vector<std::string> texts(std::string_view name);
    /// Texts where each may also be an array of pieces that are joined: so a file can hold an
    /// example that no scanner of source code takes for a secret.
    std::vector<std::string> joinedTexts(std::string_view name);
    /// The tables of an array of tables, or the one table of that name.
    std::vector<const toml::table*> tables(std::string_view name);

    /// Notes what the author should know; a fatal problem means that the rule is not used.
    void complain(std::string message, bool fatal = false);
    /// Complains of every field that was not asked for.
    void complainOfUnknown();
    bool fatal() const { return m_fatal; }

private:
    void wrongType(std::string_view name, std::string_view wanted);

    const toml::table& m_table;
    std::string m_file;
    std::string m_rule;
    std::vector<RuleProblem>& m_problems;
    std::vector<std::string> m_known;
    bool m_fatal = false;
};

} // namespace coredact

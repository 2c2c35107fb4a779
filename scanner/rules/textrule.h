// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/rule.h"
#include "scanner/rules/validator.h"

#include <optional>
#include <string>
#include <vector>

namespace coredact {

/// What an allowlist's expressions are held against.
enum class AllowTarget {
    Secret, ///< the secret's bytes
    Match, ///< everything the rule's expression matched
    Line, ///< the printable text around it, at most 1 KiB, cut at line ends and at binary bytes
};

/// Says of which matches a rule keeps quiet.
struct Allowlist {
    bool all = false; ///< every kind of condition given must hold, not just one
    AllowTarget target = AllowTarget::Secret;
    std::vector<std::string> regexes;
    std::vector<std::string> stopWords; ///< lower case; anywhere in the secret, in any case
    std::vector<std::string> rules; ///< of a file's own allowlists: only these rules; all if empty
};

/// What a secret of a generic rule may not look like.
enum class ValueGate {
    None,
    Loose, ///< placeholders, paths: for values in a place that says that they are secret
    Strict, ///< also names, words, numbers, UUIDs but random ones: for values after a telling name
};

/// A part of the match that a report may show.
struct ShownPart {
    std::string kind; ///< "aws-access-key-id"
    int group = 0; ///< of the rule's expression; 0 is the whole match
};

/// One rule of a rule file, as it was written. See resources/rules/README.md for the fields.
struct TextRule {
    RuleInfo info;
    std::string file; ///< where it stands, for problems
    std::string regex;
    int secretGroup = 0; ///< 0: the first group that took part, else the whole match
    /// Bytes that may not stand right before and after the match, as the inside of a character
    /// class; no condition where empty.
    std::string leftEdge;
    std::string rightEdge;
    /// "[...]{n}" where every match is made of n such bytes or more: looked for instead of the
    /// expression where that has no letters of its own. Edges are not counted.
    std::string run;
    Confidence confidence = Confidence::Likely;
    double entropy = 0; ///< bits for each character that the secret must have at least
    std::vector<std::string> keywords; ///< lower case; one must stand in or just before the match
    std::vector<Allowlist> allowlists;
    std::string validatorName;
    Validator validator = nullptr;
    Screen screen = nullptr; ///< the validator's
    std::optional<ShownPart> identity;
    std::size_t maximumSize = 0; ///< of the whole match in bytes; 0: what the expression says
    ValueGate gate = ValueGate::None;
    std::vector<std::string> examples;
    std::vector<std::string> counterExamples;
};

} // namespace coredact

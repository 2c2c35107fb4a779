// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/result.h"
#include "scanner/rules/detector.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coredact {

/// The text of a rule file and the name under which problems in it are told.
struct RuleFile {
    std::string name;
    std::string text;
};

/// Something in a rule file that cannot be done or looks wrong; the rest of the file works.
struct RuleProblem {
    std::string file;
    std::string rule; ///< id, "" for the file as a whole
    std::string message;
    bool fatal = false; ///< the rule is not used

    bool operator==(const RuleProblem&) const = default;
};

struct RuleSetOptions {
    bool defaults = true; ///< the rules of resources/rules and the detectors in code
    std::vector<std::string> disabled; ///< ids
    std::vector<std::string> packsOff; ///< packs whose rules are not used
    /// A file of the process that loads, open for reading and writing, that keeps the compiled
    /// rules between runs; -1: none. Does not travel in messages.
    int cacheFile = -1;
};

/// Looks for the text rules in one window after the other; one for each thread.
class TextScanner {
public:
    virtual ~TextScanner() = default;
    virtual void scan(const Window& window, MatchSink& sink) = 0;
};

/// All rules of a scan, compiled. Immutable; any thread. Cheap to copy.
class RuleSet {
public:
    /// Fails only when nothing can be used at all; what is wrong with single rules is in
    /// `problems()`, and those rules are left out.
    static Result<RuleSet> load(std::span<const RuleFile> files, const RuleSetOptions& options);
    /// The rule files that are built into the program.
    static std::span<const RuleFile> defaultFiles();

    const std::vector<RuleProblem>& problems() const;
    /// Every rule in use, those of the detectors too, sorted by id.
    std::vector<const RuleInfo*> rules() const;
    const RuleInfo* find(std::string_view id) const;
    bool enabled(const RuleInfo& rule) const;
    /// "sha256:..." over everything that decides what is found.
    const std::string& digest() const;
    /// The widest match of any rule in bytes: how wide a window's margin must be.
    std::size_t maximumSize() const;
    std::unique_ptr<TextScanner> newTextScanner() const;

private:
    struct Compiled;
    explicit RuleSet(std::shared_ptr<const Compiled> compiled);

    std::shared_ptr<const Compiled> m_compiled;
};

} // namespace coredact

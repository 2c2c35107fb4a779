// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/jobcontrol.h"
#include "scanner/dump/addressspace.h"
#include "scanner/rules/rule.h"
#include "scanner/scan/window.h"

#include <memory>
#include <optional>
#include <span>

namespace coredact {

/// A run of positions in a window, end excluded.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// A hit, as a detector tells it. Lives only inside the engine: it holds the secret.
struct Match {
    const RuleInfo* rule = nullptr;
    Confidence confidence = Confidence::Possible;
    std::optional<Severity> severity; ///< where it differs from the rule's
    std::string title; ///< where it says more than the rule's: "RSA-2048 private key"
    std::optional<Identity> identity;
    std::string proof;
    /// The bytes to redact, in the window; several where a structure has parts that may stay.
    std::vector<Span> spans;
    /// What the rule takes for the whole writing of the secret, harmless prefix included: a weaker
    /// rule's finding inside it says nothing new. Empty: the spans.
    Span whole;
    Span matched {}; ///< all that a text rule matched; empty: the spans
    /// Used instead of `spans` by walks: places in the file. Exactly one of the two is set.
    std::vector<FileRange> places;
    ValueForm form = ValueForm::Text;
    /// Groups occurrences and is searched for everywhere; the bytes of the spans where empty.
    SecretBytes value;
    std::vector<DerivedValue> derived;
    SecretBytes publicKey {}; ///< of a private key, as SubjectPublicKeyInfo, where it is known
};

/// Takes matches; the caller decides what becomes of them. Not thread-safe: one for each thread.
class MatchSink {
public:
    virtual ~MatchSink() = default;
    virtual void add(Match match) = 0;
    /// What stands at `position` of the window is surely of the kind that the detector of this name
    /// looks for, and wider than it looks: some of it was left out, so the scan is incomplete.
    /// Not for walks, which tell it by `Bounded`.
    virtual void leaveOut(std::string_view /*detector*/, std::size_t /*position*/) { }
};

class Walk;

/// What a walk may look at: the whole dump, by offset and by address.
struct WalkContext {
    const Source& source;
    const Dump& dump;
    const AddressSpace& memory;
    const JobControl& control;
};

/// A way to find secrets that are no text. Stateless: one for all threads.
struct Detector {
    std::string_view name;
    /// The rules whose matches it gives; valid for the life of the program.
    std::span<const RuleInfo> (*rules)();
    /// The widest match in bytes, from the first byte that is looked at to the last.
    std::size_t maximumSize = 0;
    /// Looks at one window; gives only matches whose first looked-at byte is fresh.
    void (*scan)(const Window& window, MatchSink& sink) = nullptr;
    /// Whether `scan` also sees decoded views (base64, narrowed UTF-16), or raw bytes only.
    bool seesViews = false;
    /// Begins to look at the dump as a whole (scanner/rules/walk.h); may be null.
    std::unique_ptr<Walk> (*newWalk)(const Dump& dump) = nullptr;
};

/// The detectors of `rules.def`, in its order.
std::span<const Detector* const> detectors();

} // namespace coredact

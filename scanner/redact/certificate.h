// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/export.h"
#include "scanner/redact/minimise.h"
#include "scanner/redact/verify.h"

#include <map>
#include <span>
#include <string>

namespace coredact {

/// What a certificate is made from. The original's digest goes in only as a salted commitment.
struct CertificateInput {
    std::string copyName; ///< file name of the copy, no folder
    std::string copySha256; ///< of the file as it is handed on
    std::uint64_t copySize = 0; ///< of the file as it is handed on
    std::uint64_t plainSize = 0; ///< of the uncompressed bytes, in which ranges count
    std::string originalSha256; ///< never written out
    std::string rulesDigest;
    std::string mode; ///< as `modeOf` says
    std::uint64_t secretsRedacted = 0;
    std::uint64_t secretsKept = 0;
    std::span<const Finding> kept; ///< their places are listed: a recipient finds them anyway
    const RedactionPlan* plan = nullptr;
    const VerificationReport* verification = nullptr;
    std::vector<std::string> limits; ///< what was not checked or not available (sandbox, coverage)
    std::span<const KeptRange> ranges = {}; ///< all that a minimised copy holds
    std::span<const ClassShare> shares = {}; ///< of a custom copy
    std::span<const ClassRange> left = {}; ///< of a custom copy: the bytes of its kept classes
    PlanFigures figures = {};
    bool roundUp = false; ///< lengths were to be hidden
};

/// Whether the lengths of secrets show in a copy, as a sentence.
std::string lengthStatement(bool roundUp, const PlanFigures& figures);
/// That secrets have no pseudonym although others do, and why, as a sentence.
std::string tokenStatement(const PlanFigures& figures);

struct ReasonTotal {
    std::uint64_t ranges = 0;
    std::uint64_t bytes = 0;
};

/// What a plan fills, by reason.
std::map<std::string, ReasonTotal> totalsOf(const RedactionPlan& plan);

/// The sentences on what a copy may still hold that follow from the mode, the figures, the kept
/// memory and the classes: a reader of the certificate can make them anew. `limits` comes after.
std::vector<std::string> limitsThatFollow(const CertificateInput& input);

struct Certificate {
    std::string statement; ///< in-toto Statement v1 as JSON text
    std::string privateRecord; ///< JSON: the true digest and the salt; stays with the owner
};

/// "redact", "minimise" or "custom".
std::string modeOf(Form form, const PlanPolicy& policy);

/// Of how many secrets no copy remains: what is kept, what stays in part with its class, and words
/// that a dump is full of do not count.
std::uint64_t secretsToGo(std::span<const Finding> findings, const Triage& triage,
                          std::span<const Conflict> conflicts);

/// The words of the promise, the same everywhere. `shares`: of a custom copy.
std::string promise(std::string_view mode, std::uint64_t secrets,
                    std::span<const ClassShare> shares = {});

Certificate makeCertificate(const CertificateInput& input);

} // namespace coredact

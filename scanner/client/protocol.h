// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"
#include "scanner/redact/certificate.h"
#include "scanner/redact/export.h"
#include "scanner/redact/minimise.h"
#include "scanner/redact/plan.h"
#include "scanner/redact/verify.h"
#include "scanner/rules/ruleset.h"
#include "scanner/scan/scan.h"
#include "scanner/triage/triage.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// The conversation between a front end and an engine: values only. A message is a length (u32,
/// little-endian) and that many bytes of CBOR; descriptors travel beside it with SCM_RIGHTS.
/// Every request but Cancel gets any number of events and then exactly one last event: its own
/// answer, or Failed. An engine works on one dump.
namespace coredact::protocol {

/// Descriptors: the dump; then an empty unlinked file for the decompressed bytes; then, where the
/// front end could open one, libmagic's database for the content type.
struct Open {
    std::uint64_t byteBudget = 0; ///< for decompression; 0: none is allowed
    /// Work on the minimised form from here on: scan, plan and export know of nothing else.
    bool minimise = false;
};
struct Opened {
    Dump dump;
    std::vector<std::string> containers; ///< outermost first: {"zstd"}
    std::uint64_t containerSize = 0; ///< of the file as it lies there
    std::vector<std::string> sandboxGaps; ///< protections that this kernel does not give
    std::vector<KeptRange> kept
        = {}; ///< what the minimised form keeps; empty where none was asked for
};

/// Reads rule files beside the built-in ones. No descriptors: the front end sends the text.
struct LoadRules {
    std::vector<std::pair<std::string, std::string>> files; ///< name, text
    RuleSetOptions options;
};
struct RulesLoaded {
    std::vector<RuleInfo> rules; ///< sorted by id
    std::vector<RuleProblem> problems;
    std::string digest;
};

/// Needs Open. Rules are the built-in ones unless LoadRules came before.
struct Scan {
    unsigned threads = 0;
    std::vector<std::string> given; ///< exact values to look for
    bool reportOnly = false; ///< no export will follow
};
struct FindingSeen { ///< event of Scan: a first look; the final list is in Scanned
    Finding finding;
};
struct Scanned {
    std::vector<Finding> findings;
    std::uint64_t scannedBytes = 0;
    std::vector<IncompleteRange> incomplete;
    std::string rulesDigest;
};

/// Bytes for the hex view, by file offset of the decompressed dump; at most 64 KiB.
struct Read {
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
};
struct Bytes {
    std::uint64_t offset = 0;
    SecretBytes bytes; ///< fewer than asked at the end of the file or at a read error
};

/// The next place at or after (or before) `from` that holds the pattern, in file order. With
/// `expression` the pattern is a regular expression of RE2 over bytes as they lie there.
struct Search {
    std::vector<std::uint8_t> pattern;
    bool ignoreCase = false; ///< ASCII letters
    bool alsoUtf16 = false; ///< the pattern is text: look for its UTF-16LE form too
    std::uint64_t from = 0;
    bool backwards = false;
    bool expression = false;
};
struct SearchHit {
    std::optional<FileRange> range; ///< nothing: not found up to the file's end
};

/// Needs Scanned.
struct MakePlan {
    Triage triage;
    PlanPolicy policy;
};
struct Planned {
    std::vector<Edit> edits;
    std::vector<Conflict> conflicts;
    std::string digest;
    std::vector<ClassShare> shares = {}; ///< of a custom copy
    PlanFigures figures = {};
};

/// Makes the plan and writes the copy. Descriptors: the output, an empty unlinked file open for
/// reading and writing; an empty memory file that takes the values for the verifying engine;
/// an empty unlinked file for the uncompressed copy of a container (always sent).
struct Export {
    Triage triage;
    PlanPolicy policy;
    /// What the scan of an earlier copy found in it although this dump's had not: filled, too.
    std::vector<FileRange> foundAgain = {};
};
struct Exported {
    ExportReport report;
    std::vector<Edit> edits;
    std::vector<Conflict> conflicts;
    std::string planDigest;
    std::string originalSha256; ///< of the file as it lies there; for the private record only
    std::vector<std::string> limits; ///< what was not scanned, or not protected; in words
    std::vector<ClassShare> shares = {}; ///< of a custom copy
    std::vector<ClassRange> left = {}; ///< of a custom copy: the bytes of its kept classes
    PlanFigures figures = {};
};

/// To a fresh engine that has had no Open. Descriptors: the written copy; an empty unlinked file
/// for its decompressed bytes; then, as the flags say, the original, an empty unlinked file for
/// its decompressed bytes, and the memory file with the values.
struct Verify {
    bool withOriginal = false;
    bool withValues = false;
    std::uint64_t byteBudget = 0;
    std::vector<Edit> edits;
    std::vector<Finding> kept;
    std::vector<std::string> given; ///< values typed by a person, besides those of the file
    unsigned threads = 0;
    bool minimised = false; ///< the copy is the minimised form with the edits
    std::vector<KeptRange> ranges = {}; ///< all that it may hold, where it is minimised
    /// Packs of rules whose findings policy leaves in place: they may be found again.
    std::vector<std::string> packsLeft = {};
    std::optional<std::vector<ClassChoice>> classes = {}; ///< where the copy is custom
    std::vector<ClassRange> left = {}; ///< the bytes of its kept classes
};
struct Verified {
    VerificationReport report;
    std::string fileSha256; ///< of the copy as it is handed on, compressed where it is
    std::uint64_t fileSize = 0; ///< of the same
    std::string rulesDigest;
    std::vector<std::string> limits; ///< protections that this kernel does not give; in words
};

struct CheckMade { ///< event of Verify: one of the report's checks has ended
    Check check;
};

/// Where another file differs from the open dump. Descriptors: the file; an empty unlinked file
/// for its decompressed bytes.
struct Compare {
    std::uint64_t byteBudget = 0;
};
struct Compared {
    std::vector<FileRange> ranges; ///< sorted and disjoint, in uncompressed bytes
    bool complete = true; ///< false: there are more
};

/// Tries what must be impossible in the sandbox, and says what happened.
struct SandboxCheck { };
struct SandboxChecked {
    std::vector<Check> checks;
};

/// Ends a request early; it then answers Failed{ErrorCode::Cancelled}, or with what was done
/// already. Has no answer of its own.
struct Cancel {
    std::uint64_t request = 0;
};

struct ProgressMade {
    std::string stage;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
};
struct Failed {
    Error error;
};

using Request = std::variant<Open, LoadRules, Scan, Read, Search, MakePlan, Export, Verify, Compare,
                             SandboxCheck, Cancel>;
using Event
    = std::variant<Opened, RulesLoaded, FindingSeen, Scanned, Bytes, SearchHit, Planned, Exported,
                   CheckMade, Verified, Compared, SandboxChecked, ProgressMade, Failed>;

/// True for events that end their request.
bool isLast(const Event& event);
/// True for events that the request may be given.
bool answers(const Event& event, const Request& request);

/// The message without its length.
SecretBytes encode(std::uint64_t id, const Request& request);
SecretBytes encode(std::uint64_t id, const Event& event);

struct NumberedRequest {
    std::uint64_t id = 0;
    Request request;
};
struct NumberedEvent {
    std::uint64_t id = 0;
    Event event;
};
/// Both sides treat the other's bytes as untrusted: sizes, types and ranges are checked.
Result<NumberedRequest> decodeRequest(ByteView message);
Result<NumberedEvent> decodeEvent(ByteView message);

} // namespace coredact::protocol

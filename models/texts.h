// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/result.h"
#include "scanner/dump/dump.h"
#include "scanner/redact/minimise.h"
#include "scanner/redact/plan.h"
#include "scanner/scan/finding.h"
#include "scanner/triage/triage.h"

#include <QCoreApplication>
#include <QString>

#include <string_view>

#include <functional>

namespace coredact {

/// What the program says to people, in their language, by code. Texts that come from a dump go
/// through `fromDump` and are shown as plain text only.
class Texts {
    Q_DECLARE_TR_FUNCTIONS(Texts)

public:
    static QString severity(Severity severity); ///< "critical"
    static QString confidence(Confidence confidence); ///< "verified"
    static QString verdict(Verdict verdict); ///< "undecided", "redact", "keep"
    static QString reason(Reason reason); ///< "false positive"; "" for none
    static QString fill(Fill fill);
    static QString regionKind(RegionKind kind); ///< "heap", "stack", "file" ...
    static QString access(Access access); ///< "rw-"
    /// "UTF-16", "Base64": how the bytes of a secret are written at a place.
    static QString encoding(std::string_view encoding);
    static QString format(std::string_view id); ///< "ELF core (Linux, BSD)"
    static QString stage(std::string_view stage); ///< "Scanning"
    static QString check(std::string_view name); ///< a step of the verification
    static QString identityKind(std::string_view kind); ///< "public key (SPKI)"
    static QString policy(std::string_view reason); ///< of an edit: "policy:vector-registers"
    /// The words of a copy's promise, as the certificate has them.
    static QString promise(Form form, int secrets);
    static QString customPromise(int secrets, const std::vector<ClassShare>& shares);
    static QString lengths(bool roundUp, const PlanFigures& figures); ///< whether they show
    static QString withoutToken(const PlanFigures& figures); ///< "" where all have a pseudonym
    static QString dumpClass(DumpClass kind); ///< "stacks"
    static QString classUse(ClassUse use); ///< "scan as usual"
    /// What a debugger loses; "" for nothing. `ownThreads`: see keepsThreadsInOwnData.
    static QString costOfFilling(DumpClass kind, bool ownThreads);
    static QString kept(std::string_view what); ///< of a minimised copy: "stack"
    static QString pack(std::string_view pack); ///< of rules: "personal data"
    /// Of a plan: "structural bytes". `titleOf` names a finding by its id.
    static QString conflict(std::string_view why,
                            const std::function<QString(std::string_view)>& titleOf);
    static QString errorKind(ErrorCode code); ///< "The file ends too early"
    /// What happened and where: the kind in the user's language, then the message.
    static QString error(const Error& error);
    /// "SIGSEGV" for an ELF core's signal, the hex code for a Windows exception.
    static QString signal(std::string_view format, std::uint32_t code);
    /// Whether a process ends by that signal or exception. One that runs on is dumped too: gcore
    /// writes SIGSTOP then, Breakpad and Crashpad write codes of their own.
    static bool endsProcess(std::string_view format, std::uint32_t code);

    /// The title, explanation or remediation of a rule, as its file has it: English, so that
    /// window and reports read the same. Made safe to show, since rule files may be anybody's.
    static QString rule(std::string_view english);

    /// Text of a dump or of the file system made safe to show: control, bidirectional and invalid
    /// characters escaped.
    static QString fromDump(std::string_view text);
    static QString fromUtf8(std::string_view text);
    static std::string toUtf8(const QString& text);
};

} // namespace coredact

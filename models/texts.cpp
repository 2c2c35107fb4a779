// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/texts.h"

#include "models/figures.h"
#include "scanner/report/report.h"

#include <array>
#include <csignal>

namespace coredact {

QString Texts::fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

std::string Texts::toUtf8(const QString& text)
{
    const QByteArray bytes = text.toUtf8();
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

QString Texts::fromDump(std::string_view text) { return fromUtf8(report::escaped(text)); }

QString Texts::rule(std::string_view english) { return fromDump(english); }

QString Texts::severity(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
        return tr("critical");
    case Severity::High:
        return tr("high");
    case Severity::Medium:
        return tr("medium");
    case Severity::Low:
        return tr("low");
    case Severity::Info:
        return tr("info");
    }
    return {};
}

QString Texts::confidence(Confidence confidence)
{
    switch (confidence) {
    case Confidence::Verified:
        return tr("verified");
    case Confidence::Likely:
        return tr("likely");
    case Confidence::Possible:
        return tr("possible");
    }
    return {};
}

QString Texts::verdict(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pending:
        return tr("undecided");
    case Verdict::Redact:
        return tr("redact");
    case Verdict::Keep:
        return tr("keep");
    }
    return {};
}

QString Texts::reason(Reason reason)
{
    switch (reason) {
    case Reason::None:
        return {};
    case Reason::FalsePositive:
        return tr("false positive");
    case Reason::TestData:
        return tr("test data");
    case Reason::AcceptedRisk:
        return tr("accepted risk");
    case Reason::Revoked:
        return tr("revoked");
    case Reason::Policy:
        return tr("left by policy");
    }
    return {};
}

QString Texts::fill(Fill fill)
{
    switch (fill) {
    case Fill::Zero:
        return tr("zero bytes");
    case Fill::A5:
        return tr("bytes a5");
    case Fill::X:
        return tr("the letter X");
    case Fill::Token:
        return tr("a pseudonym for each secret");
    }
    return {};
}

QString Texts::regionKind(RegionKind kind)
{
    switch (kind) {
    case RegionKind::Unknown:
        return tr("unknown");
    case RegionKind::Heap:
        return tr("heap");
    case RegionKind::Stack:
        return tr("stack");
    case RegionKind::File:
        return tr("file");
    case RegionKind::Anonymous:
        return tr("anonymous");
    case RegionKind::Vdso:
        return tr("kernel page (vdso)");
    case RegionKind::Structure:
        return tr("notes and structure");
    }
    return {};
}

QString Texts::access(Access access) { return fromUtf8(toText(access)); }

QString Texts::format(std::string_view id)
{
    if (id == "elf-core")
        return tr("ELF core (Linux, BSD)");
    if (id == "minidump")
        return tr("Minidump (Windows)");
    if (id == "raw")
        return tr("Raw bytes");
    return fromUtf8(id);
}

QString Texts::stage(std::string_view stage)
{
    if (stage == "decompress")
        return tr("Decompressing");
    if (stage == "open" || stage == "read")
        return tr("Reading");
    if (stage == "scan")
        return tr("Scanning");
    if (stage == "walk")
        return tr("Looking for keys");
    if (stage == "search")
        return tr("Searching");
    if (stage == "propagate")
        return tr("Looking for copies");
    if (stage == "export")
        return tr("Writing the copy");
    if (stage == "compress")
        return tr("Compressing the copy");
    if (stage == "digest")
        return tr("Computing the checksum");
    if (stage == "compare")
        return tr("Comparing");
    if (stage.starts_with("verify"))
        return tr("Verifying the copy");
    return tr("Working");
}

QString Texts::errorKind(ErrorCode code)
{
    switch (code) {
    case ErrorCode::System:
        return tr("The system refused");
    case ErrorCode::Truncated:
        return tr("The file ends too early");
    case ErrorCode::Malformed:
        return tr("The file contradicts its format");
    case ErrorCode::Unsupported:
        return tr("This is not supported");
    case ErrorCode::TooLarge:
        return tr("A limit was reached");
    case ErrorCode::Changed:
        return tr("The file changed");
    case ErrorCode::Cancelled:
        return tr("Cancelled");
    case ErrorCode::Refused:
        return tr("Refused");
    case ErrorCode::Usage:
        return tr("That makes no sense");
    case ErrorCode::Sandbox:
        return tr("The engine stopped");
    }
    return {};
}

QString Texts::error(const Error& error)
{
    if (error.code == ErrorCode::Cancelled)
        return errorKind(error.code);
    // The client's words for logs begin with what the kind says in the user's language.
    std::string_view message = error.message;
    constexpr std::string_view stopped = "the engine stopped: ";
    if (error.code == ErrorCode::Sandbox && message.starts_with(stopped))
        message.remove_prefix(stopped.size());
    const QString text
        = tr("%1: %2", "kind of error, message").arg(errorKind(error.code), fromDump(message));
    if (!error.offset)
        return text;
    return tr("%1 (at offset %2)").arg(text, hexText(*error.offset));
}

QString Texts::promise(Form form, int secrets)
{
    if (form == Form::Minimised)
        return tr("The promise: only stacks, selected registers, modules and loader data were "
                  "kept.");
    if (secrets == 0)
        return tr("The promise: no secret was found that had to go; unknown secrets may remain.");
    return tr("The promise: no copy of these %n secrets remains; unknown secrets may remain.",
              nullptr, secrets);
}

QString Texts::signal(std::string_view format, std::uint32_t code)
{
    struct Named {
        std::uint32_t number;
        const char* name;
    };
    static constexpr std::array names {
        Named {SIGHUP, "SIGHUP"},   Named {SIGINT, "SIGINT"},   Named {SIGQUIT, "SIGQUIT"},
        Named {SIGILL, "SIGILL"},   Named {SIGTRAP, "SIGTRAP"}, Named {SIGABRT, "SIGABRT"},
        Named {SIGBUS, "SIGBUS"},   Named {SIGFPE, "SIGFPE"},   Named {SIGKILL, "SIGKILL"},
        Named {SIGUSR1, "SIGUSR1"}, Named {SIGSEGV, "SIGSEGV"}, Named {SIGUSR2, "SIGUSR2"},
        Named {SIGPIPE, "SIGPIPE"}, Named {SIGALRM, "SIGALRM"}, Named {SIGTERM, "SIGTERM"},
        Named {SIGSTOP, "SIGSTOP"}, Named {SIGXCPU, "SIGXCPU"}, Named {SIGXFSZ, "SIGXFSZ"},
        Named {SIGSYS, "SIGSYS"},
    };
    if (format == "elf-core") {
        for (const Named& named : names) {
            if (named.number == code)
                return QLatin1String(named.name);
        }
        return tr("signal %1").arg(code);
    }
    return tr("exception %1").arg(hexText(code, 8));
}

bool Texts::endsProcess(std::string_view format, std::uint32_t code)
{
    if (format == "elf-core")
        return code != SIGSTOP;
    constexpr std::uint32_t requestedOfBreakpad = 0xffffffff;
    constexpr std::uint32_t simulatedByCrashpad = 0x0517a7ed;
    return code != requestedOfBreakpad && code != simulatedByCrashpad;
}

} // namespace coredact

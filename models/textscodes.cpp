// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/texts.h"

#include <algorithm>
#include <span>

namespace coredact {

namespace {

struct Worded {
    std::string_view code;
    const char* words;
};

QString worded(std::string_view code, std::span<const Worded> table)
{
    for (const Worded& row : table) {
        if (row.code == code)
            return Texts::tr(row.words);
    }
    return Texts::fromDump(code);
}

} // namespace

QString Texts::encoding(std::string_view encoding)
{
    static constexpr Worded table[] = {
        {"raw", QT_TR_NOOP("plain")},
        {"reversed", QT_TR_NOOP("reversed")},
        {"swapped", QT_TR_NOOP("words swapped")},
        {"swapped-64", QT_TR_NOOP("long words swapped")},
        {"fragment", QT_TR_NOOP("fragment")},
        {"limbs-32", QT_TR_NOOP("limbs of 32 bits")},
        {"limbs-64", QT_TR_NOOP("limbs of 64 bits")},
        {"hex", QT_TR_NOOP("hex")},
        {"percent", QT_TR_NOOP("percent-encoded")},
        {"decimal", QT_TR_NOOP("decimal numbers")},
        {"json", QT_TR_NOOP("JSON text")},
        {"xml", QT_TR_NOOP("XML text")},
        {"escaped", QT_TR_NOOP("with escapes")},
        {"python-int", QT_TR_NOOP("digits of Python")},
        {"java-limbs", QT_TR_NOOP("limbs of Java")},
        {"base64", QT_TR_NOOP("Base64")},
        {"base64url", QT_TR_NOOP("Base64 (URL)")},
        {"utf-16le", QT_TR_NOOP("UTF-16")},
        {"utf-16be", QT_TR_NOOP("UTF-16 (big-endian)")},
        {"utf-32le", QT_TR_NOOP("UTF-32")},
        {"utf-32be", QT_TR_NOOP("UTF-32 (big-endian)")},
    };
    constexpr std::string_view part = " fragment";
    if (encoding.ends_with(part))
        return tr("%1 fragment", "of a secret in an encoding")
            .arg(Texts::encoding(encoding.substr(0, encoding.size() - part.size())));
    // Encodings inside one another are written "base64+utf-16le".
    QStringList words;
    for (std::size_t begin = 0; begin <= encoding.size();) {
        const std::size_t end = std::min(encoding.find('+', begin), encoding.size());
        words << worded(encoding.substr(begin, end - begin), table);
        begin = end + 1;
    }
    return words.join(QStringLiteral(" + "));
}

QString Texts::identityKind(std::string_view kind)
{
    static constexpr Worded table[] = {
        {"spki-sha256", QT_TR_NOOP("SPKI SHA-256")},
        {"ssh-fingerprint", QT_TR_NOOP("SSH fingerprint")},
        {"1password-account", QT_TR_NOOP("1Password account")},
        {"account", QT_TR_NOOP("account")},
        {"aws-account-id", QT_TR_NOOP("AWS account")},
        {"aws-access-key-id", QT_TR_NOOP("AWS key id")},
        {"azure-provider", QT_TR_NOOP("Azure service")},
        {"azure-storage-account", QT_TR_NOOP("Azure storage account")},
        {"cookie", QT_TR_NOOP("cookie")},
        {"discord-user-id", QT_TR_NOOP("Discord user")},
        {"discord-webhook", QT_TR_NOOP("Discord webhook")},
        {"field", QT_TR_NOOP("field")},
        {"gitlab-route", QT_TR_NOOP("GitLab route")},
        {"grafana-key", QT_TR_NOOP("Grafana key")},
        {"header", QT_TR_NOOP("header")},
        {"host", QT_TR_NOOP("host")},
        {"key-type", QT_TR_NOOP("kind of key")},
        {"machine", QT_TR_NOOP("machine")},
        {"name", QT_TR_NOOP("name")},
        {"paseto", QT_TR_NOOP("PASETO")},
        {"registry", QT_TR_NOOP("registry")},
        {"salesforce-organisation", QT_TR_NOOP("Salesforce organisation")},
        {"sentry-organisation", QT_TR_NOOP("Sentry organisation")},
        {"service-account", QT_TR_NOOP("service account")},
        {"slack-app", QT_TR_NOOP("Slack app")},
        {"slack-team", QT_TR_NOOP("Slack team")},
        {"telegram-bot", QT_TR_NOOP("Telegram bot")},
        {"token-id", QT_TR_NOOP("token id")},
        {"token-type", QT_TR_NOOP("kind of token")},
        {"twilio-account", QT_TR_NOOP("Twilio account")},
        {"variable", QT_TR_NOOP("variable")},
        {"jwt", QT_TR_NOOP("JWT")},
        {"jwe", QT_TR_NOOP("JWE")},
        {"hash", QT_TR_NOOP("hash")},
        {"location", QT_TR_NOOP("location")},
        {"url", QT_TR_NOOP("address")},
        {"user", QT_TR_NOOP("user")},
    };
    return worded(kind, table);
}

QString Texts::policy(std::string_view reason)
{
    static constexpr Worded table[] = {
        {"policy:vector-registers", QT_TR_NOOP("floating-point and vector registers")},
        {"policy:random-seed", QT_TR_NOOP("random seed of the process (AT_RANDOM)")},
        {"policy:arguments-and-environment",
         QT_TR_NOOP("values of arguments and environment variables")},
        {"policy:unknown", QT_TR_NOOP("notes and streams of unknown kinds")},
        {"policy:found-in-copy", QT_TR_NOOP("what only the check of a copy found")},
        {"policy:unclaimed", QT_TR_NOOP("bytes that no part of the file claims")},
    };
    constexpr std::string_view whole = "class:";
    if (reason.starts_with(whole))
        if (const auto kind = dumpClassFrom(reason.substr(whole.size())))
            return tr("all of: %1", "kind of bytes").arg(dumpClass(*kind));
    return worded(reason, table);
}

QString Texts::lengths(bool roundUp, const PlanFigures& figures)
{
    if (!roundUp)
        return tr("how long each secret was: the length of its place");
    return tr("how long secrets were at %1 of %2 places; at the others the end of an allocation "
              "or text hides it")
        .arg(figures.lengthsShown)
        .arg(figures.lengthsHidden + figures.lengthsShown);
}

QString Texts::withoutToken(const PlanFigures& figures)
{
    if (figures.withoutToken == 0)
        return {};
    return tr("%n secrets get no pseudonym: there are so few values of that kind that equal ones "
              "would tell it.",
              nullptr, static_cast<int>(figures.withoutToken));
}

QString Texts::dumpClass(DumpClass kind)
{
    switch (kind) {
    case DumpClass::Stack:
        return tr("stacks");
    case DumpClass::Heap:
        return tr("heap");
    case DumpClass::Anonymous:
        return tr("other private memory");
    case DumpClass::Data:
        return tr("writable data of files");
    case DumpClass::ReadOnly:
        return tr("read-only pages of files");
    case DumpClass::Code:
        return tr("executable code");
    case DumpClass::Loader:
        return tr("thread and loader data");
    case DumpClass::Registers:
        return tr("general registers");
    case DumpClass::VectorRegisters:
        return tr("floating-point and vector registers");
    case DumpClass::Arguments:
        return tr("arguments and environment");
    case DumpClass::Notes:
        return tr("notes and streams");
    case DumpClass::Unclaimed:
        return tr("bytes that no part of the file claims");
    }
    return {};
}

QString Texts::classUse(ClassUse use)
{
    switch (use) {
    case ClassUse::Scan:
        return tr("scan: fill what is found");
    case ClassUse::Keep:
        return tr("keep, secrets included");
    case ClassUse::Fill:
        return tr("fill all of it");
    }
    return {};
}

QString Texts::costOfFilling(DumpClass kind, bool ownThreads)
{
    switch (kind) {
    case DumpClass::Data:
    case DumpClass::Anonymous:
        return ownThreads
            ? tr("With filled data of a statically linked program a debugger may tell "
                 "its threads by their numbers only.")
            : QString();
    case DumpClass::Stack:
        return tr("With filled stacks backtraces end at their first frame.");
    case DumpClass::Registers:
        return tr("With filled general registers there are no backtraces.");
    case DumpClass::Loader:
        return tr("With filled loader data a debugger cannot tell what is loaded, and backtraces "
                  "break.");
    case DumpClass::Code:
    case DumpClass::ReadOnly:
        return tr("With filled pages of programs and libraries backtraces need the very same "
                  "files.");
    default:
        return {};
    }
}

QString Texts::customPromise(int secrets, const std::vector<ClassShare>& shares)
{
    const auto named = [&](ClassUse use) {
        QStringList names;
        for (const ClassShare& share : shares)
            if (share.use == use)
                names << dumpClass(share.kind);
        return names.join(QStringLiteral(", "));
    };
    const QString filled = named(ClassUse::Fill);
    const QString kept = named(ClassUse::Keep);
    const QString scanned = named(ClassUse::Scan);
    QStringList parts;
    if (!filled.isEmpty())
        parts << tr("filled whole: %1").arg(filled);
    if (!kept.isEmpty())
        parts << tr("kept as they were, secrets included: %1").arg(kept);
    if (!scanned.isEmpty())
        parts << tr("scanned: %1").arg(scanned);
    parts << (secrets == 0 ? tr("no secret was found that had to go and went whole")
                           : tr("no copy of %n secrets remains", nullptr, secrets));
    if (!kept.isEmpty() && !scanned.isEmpty())
        parts << tr("unknown secrets may remain in what was scanned or kept");
    else if (!kept.isEmpty())
        parts << tr("unknown secrets may remain in what was kept");
    else if (!scanned.isEmpty())
        parts << tr("unknown secrets may remain in what was scanned");
    return tr("The promise: %1.").arg(parts.join(QStringLiteral("; ")));
}

QString Texts::kept(std::string_view what)
{
    static constexpr Worded table[] = {
        {"stack", QT_TR_NOOP("stacks")},
        {"thread control block", QT_TR_NOOP("thread control blocks")},
        {"loader data", QT_TR_NOOP("loader data")},
        {"modules", QT_TR_NOOP("modules")},
        {"notes", QT_TR_NOOP("headers and notes, with selected registers")},
    };
    return worded(what, table);
}

QString Texts::pack(std::string_view pack)
{
    static constexpr Worded table[] = {
        {"secrets", QT_TR_NOOP("secrets")},
        {"wallets", QT_TR_NOOP("wallets")},
        {"personal-data", QT_TR_NOOP("personal data")},
    };
    return worded(pack, table);
}

QString Texts::conflict(std::string_view why,
                        const std::function<QString(std::string_view)>& titleOf)
{
    static constexpr Worded table[] = {
        {"structural bytes", QT_TR_NOOP("structural bytes, which stay as they are")},
        {"past the end of the file", QT_TR_NOOP("past the end of the file")},
    };
    constexpr std::string_view shared = "shared with ";
    if (why.starts_with(shared)) {
        const std::string_view other = why.substr(shared.size());
        return tr("shared with “%1”, which is redacted", "title of a finding")
            .arg(titleOf(other.substr(0, other.find(','))));
    }
    constexpr std::string_view wiped = "wiped by ";
    if (why.starts_with(wiped))
        return tr("wiped with the %1").arg(policy(why.substr(wiped.size())));
    if (why.starts_with(keptWithClass))
        if (const auto kind = dumpClassFrom(why.substr(keptWithClass.size())))
            return tr("stays, since all of this is kept: %1", "kind of bytes")
                .arg(dumpClass(*kind));
    return worded(why, table);
}

QString Texts::check(std::string_view name)
{
    static constexpr Worded table[] = {
        // of the verification
        {"the copy has the original's size", QT_TR_NOOP("the copy has the original's size")},
        {"bytes outside the plan are unchanged",
         QT_TR_NOOP("bytes outside the plan are unchanged")},
        {"every planned byte holds its fill", QT_TR_NOOP("every planned byte holds its fill")},
        {"holes of the original are holes in the copy",
         QT_TR_NOOP("holes of the original are holes in the copy")},
        {"the structure reads the same", QT_TR_NOOP("the structure reads the same")},
        {"no structural byte was filled", QT_TR_NOOP("no structural byte was filled")},
        {"a fresh scan finds nothing that is not kept",
         QT_TR_NOOP("a fresh scan finds nothing that is not kept")},
        {"no redacted value is left in any encoding",
         QT_TR_NOOP("no redacted value is left in any encoding")},
        {"the copy is compressed as the original is",
         QT_TR_NOOP("the copy is compressed as the original is")},
        {"nothing is there but what the list of kept ranges names",
         QT_TR_NOOP("nothing is there but what the list of kept ranges names")},
        {"minimising the original again keeps the same",
         QT_TR_NOOP("minimising the original again keeps the same")},
        {"kept classes are as they were", QT_TR_NOOP("kept classes are as they were")},
        {"filled classes hold nothing but fill",
         QT_TR_NOOP("filled classes hold nothing but fill")},
        {"the size is the certificate's", QT_TR_NOOP("the size is the certificate's")},
        {"the SHA-256 is the certificate's", QT_TR_NOOP("the SHA-256 is the certificate's")},
        // of the engine's sandbox
        {"opening a file is refused", QT_TR_NOOP("opening a file is refused")},
        {"opening a network socket is refused", QT_TR_NOOP("opening a network socket is refused")},
        {"opening a local socket is refused", QT_TR_NOOP("opening a local socket is refused")},
        {"running a program is refused", QT_TR_NOOP("running a program is refused")},
        {"starting a process is refused", QT_TR_NOOP("starting a process is refused")},
        {"mapping executable memory is refused",
         QT_TR_NOOP("mapping executable memory is refused")},
        {"making memory executable is refused", QT_TR_NOOP("making memory executable is refused")},
        {"plain memory can be mapped", QT_TR_NOOP("plain memory can be mapped")},
        {"looking into a process is refused", QT_TR_NOOP("looking into a process is refused")},
        {"signalling another process is refused",
         QT_TR_NOOP("signalling another process is refused")},
        {"the process leaves no core dump", QT_TR_NOOP("the process leaves no core dump")},
    };
    return worded(name, table);
}

} // namespace coredact

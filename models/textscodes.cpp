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
        {"fragment", QT_TR_NOOP("fragment")},
        {"limbs", QT_TR_NOOP("limbs")},
        {"derived", QT_TR_NOOP("derived value")},
        {"hex", QT_TR_NOOP("hex")},
        {"percent", QT_TR_NOOP("percent-encoded")},
        {"base64", QT_TR_NOOP("Base64")},
        {"base64url", QT_TR_NOOP("Base64 (URL)")},
        {"utf-16le", QT_TR_NOOP("UTF-16")},
        {"utf-16be", QT_TR_NOOP("UTF-16 (big-endian)")},
        {"utf-32le", QT_TR_NOOP("UTF-32")},
        {"utf-32be", QT_TR_NOOP("UTF-32 (big-endian)")},
    };
    // Encodings inside one another are written "base64+utf-16le".
    QStringList parts;
    for (std::size_t begin = 0; begin <= encoding.size();) {
        const std::size_t end = std::min(encoding.find('+', begin), encoding.size());
        parts << worded(encoding.substr(begin, end - begin), table);
        begin = end + 1;
    }
    return parts.join(QStringLiteral(" + "));
}

QString Texts::identityKind(std::string_view kind)
{
    static constexpr Worded table[] = {
        {"spki-sha256", QT_TR_NOOP("SPKI SHA-256")},
        {"ssh-sha256", QT_TR_NOOP("SSH fingerprint")},
        {"ssh-fingerprint", QT_TR_NOOP("SSH fingerprint")},
        {"aws-account", QT_TR_NOOP("AWS account")},
        {"aws-account-id", QT_TR_NOOP("AWS account")},
        {"aws-access-key-id", QT_TR_NOOP("AWS key id")},
        {"jwt", QT_TR_NOOP("JWT")},
        {"jwt-issuer", QT_TR_NOOP("JWT issuer")},
        {"host", QT_TR_NOOP("host")},
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
    };
    return worded(reason, table);
}

QString Texts::conflict(std::string_view why)
{
    static constexpr Worded table[] = {
        {"structural bytes", QT_TR_NOOP("structural bytes, which stay as they are")},
    };
    constexpr std::string_view keptBy = "kept by ";
    if (why.starts_with(keptBy))
        return tr("shared with the kept finding %1, and redacted all the same")
            .arg(fromDump(why.substr(keptBy.size())));
    return worded(why, table);
}

QString Texts::check(std::string_view name)
{
    static constexpr Worded table[] = {
        {"bytes outside the plan are unchanged",
         QT_TR_NOOP("bytes outside the plan are unchanged")},
    };
    return worded(name, table);
}

} // namespace coredact

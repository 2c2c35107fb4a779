// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/identitytext.h"

#include "models/texts.h"

#include <QDateTime>
#include <QTimeZone>

#include <algorithm>
#include <array>

namespace coredact {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(IdentityText)
};

/// Kinds that name an owner; the others tell one secret from another.
constexpr std::array<std::string_view, 21> owners {
    "1password-account",
    "account",
    "aws-account-id",
    "azure-provider",
    "azure-storage-account",
    "discord-user-id",
    "gitlab-route",
    "header",
    "host",
    "location",
    "machine",
    "registry",
    "salesforce-organisation",
    "sentry-organisation",
    "service-account",
    "slack-app",
    "slack-team",
    "telegram-bot",
    "twilio-account",
    "url",
    "user",
};

/// A digest by its ends; other values whole.
QString shortened(const QString& value)
{
    constexpr qsizetype most = 40;
    constexpr qsizetype ends = 8;
    const bool digest = std::all_of(value.begin(), value.end(), [](QChar letter) {
        return letter.isLetterOrNumber() || letter == QLatin1Char('+') || letter == QLatin1Char('/')
            || letter == QLatin1Char(':') || letter == QLatin1Char('=');
    });
    if (value.size() <= most || !digest)
        return value;
    return value.left(ends) + QChar(0x2026) + value.right(ends);
}

QString expiry(const QString& seconds)
{
    bool ok = false;
    const qint64 value = seconds.toLongLong(&ok);
    if (!ok)
        return Words::tr("expires %1", "time").arg(seconds);
    const QDateTime when = QDateTime::fromSecsSinceEpoch(value, QTimeZone::utc());
    return Words::tr("expires %1", "time")
        .arg(when.toString(QStringLiteral("yyyy-MM-dd HH:mm")) + QStringLiteral(" UTC"));
}

/// "iss=https://idp.example.net, kid=7a, alg=RS256, exp=1893456000": the parts in this order, some
/// of them missing; only the last mention of a name is one, since an issuer may hold anything.
void addToken(const QString& value, IdentityText& text)
{
    QString rest = value;
    const auto take = [&rest](const char* name) {
        const QString mark = QLatin1String(name) + QLatin1Char('=');
        qsizetype at = rest.lastIndexOf(QStringLiteral(", ") + mark);
        const qsizetype begin = at < 0 ? mark.size() : at + 2 + mark.size();
        if (at < 0 && !rest.startsWith(mark))
            return QString();
        const QString part = rest.mid(begin);
        rest.truncate(std::max<qsizetype>(at, 0));
        return part;
    };
    const QString expires = take("exp");
    const QString algorithm = take("alg");
    const QString key = take("kid");
    const QString issuer = take("iss");
    if (!issuer.isEmpty())
        text.belongsTo << Words::tr("issuer %1").arg(issuer);
    if (!key.isEmpty())
        text.itself << Words::tr("key id %1").arg(key);
    if (!algorithm.isEmpty())
        text.itself << Words::tr("algorithm %1").arg(algorithm);
    if (!expires.isEmpty())
        text.itself << expiry(expires);
    if (!rest.isEmpty())
        text.itself << rest;
}

} // namespace

IdentityText identityText(const Finding& finding)
{
    IdentityText text;
    for (const std::string& owner : finding.belongsTo)
        text.belongsTo << Texts::fromDump(owner);
    text.whole = text.belongsTo;
    if (!finding.identity)
        return text;
    const Identity& identity = *finding.identity;
    const QString value = Texts::fromDump(identity.value);
    const QString kind = Texts::identityKind(identity.kind);
    text.whole.prepend(kind + QLatin1Char(' ') + value);
    if (identity.kind == "jwt" || identity.kind == "jwe") {
        addToken(value, text);
        return text;
    }
    const bool owner = std::find(owners.begin(), owners.end(), identity.kind) != owners.end();
    (owner ? text.belongsTo : text.itself) << kind + QLatin1Char(' ') + shortened(value);
    return text;
}

} // namespace coredact

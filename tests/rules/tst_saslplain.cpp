// SPDX-License-Identifier: GPL-3.0-or-later
// Logins with SASL's PLAIN, as protocols that write bytes have them.
#include "detectorrun.h"

#include "scanner/base/bytes.h"

#include <QTest>

using namespace coredact;

namespace coredact {
extern const Detector saslplainDetector;
} // namespace coredact

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view password = "Tr1cky"
                                      "-pa!s";

void append(Bytes& bytes, std::string_view text)
{
    const ByteView more = asBytes(text);
    bytes.insert(bytes.end(), more.begin(), more.end());
}

/// Whom to act as, the user and the password.
std::string response(std::string_view actsAs, std::string_view with)
{
    std::string text(actsAs);
    text += '\0';
    text += "shop";
    text += '\0';
    text += with;
    return text;
}

/// The mechanism, `head`, the response, and `tail` behind it.
Bytes login(const Bytes& head, std::string_view said, std::string_view tail)
{
    Bytes bytes {5};
    append(bytes, "PLAIN");
    bytes.insert(bytes.end(), head.begin(), head.end());
    append(bytes, said);
    append(bytes, tail);
    return bytes;
}

Bytes login(const Bytes& head)
{
    return login(head, response("", password),
                 "\x05"
                 "en_US");
}

} // namespace

class SaslPlainTest : public QObject {
    Q_OBJECT

private slots:
    void findsThePasswordOfALogin_data();
    void findsThePasswordOfALogin();
    void whatIsCountedMayHaveAnythingBehindIt();
    void findsTheLoginOfMemcached();
    void whomToActAsMayBeSaid();
    void otherTextsAreNoLogins_data();
    void otherTextsAreNoLogins();
    void bytesMayEndBeforeTheResponse();
};

void SaslPlainTest::findsThePasswordOfALogin_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<bool>("isCounted");
    QTest::newRow("AMQP 0-9-1") << QByteArray("\0\0\0\x11", 4) << true;
    QTest::newRow("AMQP 1.0") << QByteArray("\xa0\x11", 2) << true;
    QTest::newRow("LDAP") << QByteArray("\x04\x11", 2) << true;
    QTest::newRow("no length") << QByteArray() << false;
}

void SaslPlainTest::findsThePasswordOfALogin()
{
    QFETCH(const QByteArray, head);
    QFETCH(const bool, isCounted);
    const Bytes bytes = buried(login({head.begin(), head.end()}), 700, 700);
    for (const std::size_t fresh : {std::size_t {64}, std::size_t {4096}}) {
        const auto matches = matchesIn(saslplainDetector, bytes, fresh);
        QCOMPARE(matches.size(), std::size_t {1});
        QCOMPARE(asText(spanned(bytes, matches[0])), password);
        QCOMPARE(matches[0].identity->value, std::string("shop"));
        QCOMPARE(matches[0].proof.empty(), !isCounted);
    }
}

void SaslPlainTest::whatIsCountedMayHaveAnythingBehindIt()
{
    const Bytes bytes
        = buried(login({0, 0, 0, 0x11}, response("", password), "left of another"), 700, 700);
    const auto matches = matchesIn(saslplainDetector, bytes);
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(asText(spanned(bytes, matches[0])), password);
}

/// Its head says how long mechanism and response are together; what follows is left of before.
void SaslPlainTest::findsTheLoginOfMemcached()
{
    constexpr std::string_view name = "Tr1cky"
                                      "-pass"; // such as a program may have
    const std::string said = response("", name);
    for (const std::uint8_t operation : Bytes {0x21, 0x22, 0x20}) {
        Bytes bytes {0x80, operation, 0, 5, 0, 0, 0, 0, 0, 0, 0};
        bytes.push_back(static_cast<std::uint8_t>(5 + said.size()));
        bytes.resize(24);
        append(bytes, "PLAIN");
        append(bytes, said);
        append(bytes, "left of another");
        const Bytes all = buried(bytes, 700, 700);
        const auto matches = matchesIn(saslplainDetector, all);
        QCOMPARE(matches.size(), std::size_t {operation == 0x20 ? 0U : 1U});
        if (!matches.empty())
            QCOMPARE(asText(spanned(all, matches[0])), name);
    }
}

void SaslPlainTest::whomToActAsMayBeSaid()
{
    const std::string said = response("boss", password);
    const auto size = static_cast<std::uint8_t>(said.size());
    const Bytes bytes = buried(login({0xa0, size}, said, ""), 700, 700);
    const auto matches = matchesIn(saslplainDetector, bytes);
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(asText(spanned(bytes, matches[0])), password);
}

void SaslPlainTest::otherTextsAreNoLogins_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char* name, const Bytes& bytes) {
        QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(bytes.data()),
                                          static_cast<qsizetype>(bytes.size()));
    };
    row("another length", login({0, 0, 0, 0x12}));
    row("a response of three letters", login({0xa0, 9}, response("", "abc"), ""));
    row("a list of mechanisms", login({0}, std::string("LOGIN\0CRAM-MD5", 14), {"\0", 1}));
    row("names of a program", login({0}, std::string("shop\0mech_list", 14), {"\0", 1}));
    row("a sentence", login({}, " text is sent.", {"\0", 1}));
    row("a placeholder", login({0xa0, 14}, response("", "changeme"), ""));
    row("no user", login({0xa0, 13}, std::string("\0\0Tr1cky-pa!s", 13), ""));
}

void SaslPlainTest::otherTextsAreNoLogins()
{
    QFETCH(const QByteArray, bytes);
    const Bytes all(bytes.begin(), bytes.end());
    QVERIFY(matchesIn(saslplainDetector, buried(all, 100, 100)).empty());
}

/// Nothing behind the last byte is looked at; the sanitizer sees who does.
void SaslPlainTest::bytesMayEndBeforeTheResponse()
{
    for (const std::uint8_t kind : Bytes {0x04, 0xa0})
        QVERIFY(matchesIn(saslplainDetector, login({kind}, "", "")).empty());
}

QTEST_APPLESS_MAIN(SaslPlainTest)
#include "tst_saslplain.moc"

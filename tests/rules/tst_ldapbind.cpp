// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include "scanner/base/bytes.h"

#include <QTest>

using namespace coredact;

namespace coredact {
extern const Detector ldapbindDetector;
}

namespace {

using Bytes = std::vector<std::uint8_t>;

void append(Bytes& bytes, std::string_view text)
{
    const ByteView more = asBytes(text);
    bytes.insert(bytes.end(), more.begin(), more.end());
}

enum class Lengths { Short, FourBytes };

void appendElement(Bytes& bytes, std::uint8_t tag, std::string_view content, Lengths lengths)
{
    bytes.push_back(tag);
    if (lengths == Lengths::FourBytes)
        bytes.insert(bytes.end(), {0x84, 0, 0, 0});
    bytes.push_back(static_cast<std::uint8_t>(content.size()));
    append(bytes, content);
}

/// BindRequest (RFC 4511 4.2) from its version on.
Bytes bindRequest(std::string_view name, std::string_view password,
                  Lengths lengths = Lengths::Short)
{
    Bytes bytes {0x02, 0x01, 0x03};
    appendElement(bytes, 0x04, name, lengths);
    appendElement(bytes, 0x80, password, lengths);
    bytes.push_back(0);
    return bytes;
}

constexpr std::string_view name = "cn=proxy,ou=services,dc=example,dc=org";
constexpr std::string_view password = "Tr1cky"
                                      "-pass";

} // namespace

class LdapBindTest : public QObject {
    Q_OBJECT

private slots:
    void findsThePasswordOfARequest_data();
    void findsThePasswordOfARequest();
    void findsItBehindANameWhoseHeadIsGone();
    void whatTheBufferHeldBeforeMayFollowAWholeRequest();
    void otherWaysToLogInAreLeft();
    void stringsBehindANameAreNoPasswords();

private:
    static void compare(const Bytes& request)
    {
        const Bytes bytes = buried(request, 700, 300);
        for (const std::size_t fresh : {std::size_t {64}, std::size_t {4096}}) {
            const auto matches = matchesIn(ldapbindDetector, bytes, fresh);
            QCOMPARE(matches.size(), std::size_t {1});
            const SecretBytes found = spanned(bytes, matches[0]);
            QCOMPARE(asText(found), password);
        }
    }
};

void LdapBindTest::whatTheBufferHeldBeforeMayFollowAWholeRequest()
{
    Bytes request = bindRequest(name, password);
    request.pop_back();
    const auto size = static_cast<std::uint8_t>(request.size());
    for (const Bytes& head :
         {Bytes {0x60, size}, Bytes {0x60, 0x81, size}, Bytes {0x60, 0x84, 0, 0, 0, size}}) {
        Bytes whole = head;
        whole.insert(whole.end(), request.begin(), request.end());
        append(whole, "kQTwkQ");
        compare(whole);
        // A length that is not the request's says nothing of its end.
        Bytes wrong = whole;
        --wrong[head.size() - 1];
        QVERIFY(matchesIn(ldapbindDetector, buried(wrong, 700, 300), 4096).empty());
    }
}

void LdapBindTest::findsThePasswordOfARequest_data()
{
    QTest::addColumn<QByteArray>("who");
    QTest::addColumn<bool>("longLengths");
    QTest::newRow("a name") << QByteArray(name.data(), name.size()) << false;
    QTest::newRow("lengths in four bytes") << QByteArray(name.data(), name.size()) << true;
    QTest::newRow("a user principal name") << QByteArray("someone@corp.example") << false;
}

void LdapBindTest::findsThePasswordOfARequest()
{
    QFETCH(const QByteArray, who);
    QFETCH(const bool, longLengths);
    compare(bindRequest({who.data(), static_cast<std::size_t>(who.size())}, password,
                        longLengths ? Lengths::FourBytes : Lengths::Short));
}

/// A decoder that ends strings in place, and an allocator that wrote over what was freed.
void LdapBindTest::findsItBehindANameWhoseHeadIsGone()
{
    Bytes rest = bindRequest(name, password);
    rest.erase(rest.begin(), rest.begin() + 16);
    *std::find(rest.begin(), rest.end(), std::uint8_t {0x80}) = 0;
    compare(rest);
}

void LdapBindTest::otherWaysToLogInAreLeft()
{
    const Bytes anonymous = bindRequest(name, "");
    Bytes sasl = bindRequest(name, password);
    *std::find(sasl.begin(), sasl.end(), std::uint8_t {0x80}) = 0xa3;
    Bytes cut = bindRequest(name, password);
    cut[cut.size() - 4] = 1;
    for (const Bytes& request : {anonymous, sasl, cut})
        QVERIFY(matchesIn(ldapbindDetector, buried(request, 100, 100)).empty());
}

void LdapBindTest::stringsBehindANameAreNoPasswords()
{
    Bytes strings;
    append(strings, name);
    strings.push_back(0);
    // The first letter would be a length that fits.
    append(strings, "+" + std::string('+', 'b'));
    strings.push_back(0);
    Bytes text;
    append(text, name);
    append(text, "\n");
    append(text, "objectClass: person");
    for (const Bytes& bytes : {strings, text})
        QVERIFY(matchesIn(ldapbindDetector, buried(bytes, 100, 100)).empty());
}

QTEST_APPLESS_MAIN(LdapBindTest)
#include "tst_ldapbind.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include <QTest>

#include <algorithm>

using namespace coredact;

namespace coredact {
extern const Detector openvpnkeyDetector;
}

namespace {

using Bytes = std::vector<std::uint8_t>;

/// A key file's 256 bytes in lines of 16, and its end.
std::string keyFile(const Bytes& key, std::string_view lineEnd)
{
    std::string text;
    for (std::size_t at = 0; at < key.size(); at += 16) {
        text += toHex(ByteView(key).subspan(at, 16));
        text += lineEnd;
    }
    text += "-----END OpenVPN Static ";
    return text + "key V1-----" + std::string(lineEnd);
}

Bytes buriedText(std::string_view text)
{
    std::string all(700, '\0');
    all += text;
    all.append(300, '\0');
    return {all.begin(), all.end()};
}

} // namespace

class OpenVpnKeyTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheLastLines_data();
    void findsTheLastLines();
    void anEndWithoutLinesIsNothing();
};

void OpenVpnKeyTest::findsTheLastLines_data()
{
    QTest::addColumn<int>("gone"); // characters
    QTest::addColumn<bool>("crlf");
    QTest::newRow("nothing gone") << 0 << false;
    QTest::newRow("malloc's two words gone") << 16 << false;
    QTest::newRow("an odd number of digits") << 75 << false;
    QTest::newRow("lines of a Windows file") << 106 << true;
    QTest::newRow("one line and a half") << 480 << false;
}

void OpenVpnKeyTest::findsTheLastLines()
{
    QFETCH(const int, gone);
    QFETCH(const bool, crlf);
    const Bytes key = randomBytes(256, 91);
    std::string text = keyFile(key, crlf ? "\r\n" : "\n");
    text.erase(0, static_cast<std::size_t>(gone));
    const std::size_t size = text.find('-');
    const auto digits
        = std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size),
                        [](char c) { return c != '\r' && c != '\n'; });
    const Bytes bytes = buriedText(text);
    for (const std::size_t fresh : {std::size_t {64}, std::size_t {4096}}) {
        const auto matches = matchesIn(openvpnkeyDetector, bytes, fresh);
        QCOMPARE(matches.size(), std::size_t {1});
        QCOMPARE(asText(spanned(bytes, matches[0])), std::string_view(text).substr(0, size));
        QCOMPARE(matches[0].derived.size(), std::size_t {1});
        const SecretBytes& raw = matches[0].derived[0].bytes;
        QCOMPARE(raw.size(), static_cast<std::size_t>(digits) / 2);
        QVERIFY(std::equal(raw.rbegin(), raw.rend(), key.rbegin()));
    }
}

void OpenVpnKeyTest::anEndWithoutLinesIsNothing()
{
    std::string text = keyFile(randomBytes(256, 92), "\n");
    const std::string end = text.substr(text.find('-'));
    for (const std::string& before :
         {std::string("the key ends with\n"), std::string("0011aabb\n")})
        QVERIFY(matchesIn(openvpnkeyDetector, buriedText(before + end)).empty());
}

QTEST_APPLESS_MAIN(OpenVpnKeyTest)
#include "tst_openvpnkey.moc"

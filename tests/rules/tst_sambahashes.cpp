// SPDX-License-Identifier: GPL-3.0-or-later
// Records of Samba's database of accounts.
#include "detectorrun.h"

#include "scanner/base/bytes.h"

#include <QTest>

using namespace coredact;

namespace coredact {
extern const Detector sambahashesDetector;
} // namespace coredact

namespace {

using Bytes = std::vector<std::uint8_t>;

void append(Bytes& bytes, const Bytes& more)
{
    bytes.insert(bytes.end(), more.begin(), more.end());
}

void appendNumber(Bytes& bytes, std::size_t value)
{
    for (unsigned i = 0; i < 4; ++i)
        bytes.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

void appendBuffer(Bytes& bytes, const Bytes& content)
{
    appendNumber(bytes, content.size());
    append(bytes, content);
}

struct Account {
    Bytes lm;
    Bytes nt = randomBytes(16, 11);
    Bytes past;
    Bytes hours = Bytes(32, 0xff);
};

/// The record from the numbers of the user and the group on.
Bytes record(const Account& account)
{
    Bytes bytes;
    appendNumber(bytes, 1000);
    appendNumber(bytes, 513);
    appendBuffer(bytes, account.lm);
    appendBuffer(bytes, account.nt);
    appendBuffer(bytes, account.past);
    appendNumber(bytes, 0x10); // a user
    append(bytes, {168, 0}); // units of a week
    appendNumber(bytes, 21);
    appendBuffer(bytes, account.hours);
    append(bytes, {0, 0, 0, 0, 0xec, 4, 0, 0});
    return bytes;
}

std::vector<Match> found(const Account& account, std::size_t fresh)
{
    return matchesIn(sambahashesDetector, buried(record(account), 901, 300), fresh);
}

} // namespace

class SambaHashesTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheHashOfARecord();
    void findsHashesOfOtherKinds();
    void recordsWithoutHashesAreNothing_data();
    void recordsWithoutHashesAreNothing();
    void takesABeginningForNoRecord();
};

void SambaHashesTest::findsTheHashOfARecord()
{
    const Account account;
    const Bytes bytes = buried(record(account), 901, 300);
    for (const std::size_t fresh : {std::size_t {64}, std::size_t {4096}}) {
        const auto matches = matchesIn(sambahashesDetector, bytes, fresh);
        QCOMPARE(matches.size(), std::size_t {1});
        QCOMPARE(matches[0].rule->id, std::string("samba-password-hash"));
        QCOMPARE(matches[0].title, std::string("NT hash of a password (Samba)"));
        QVERIFY(spanned(bytes, matches[0]) == SecretBytes(account.nt.begin(), account.nt.end()));
    }
}

void SambaHashesTest::findsHashesOfOtherKinds()
{
    Account account;
    account.lm = randomBytes(16, 12);
    account.past = randomBytes(24 * 32, 13);
    const Bytes bytes = buried(record(account), 901, 300);
    for (const std::size_t fresh : {std::size_t {64}, std::size_t {4096}}) {
        const auto matches = matchesIn(sambahashesDetector, bytes, fresh);
        QCOMPARE(matches.size(), std::size_t {3});
        for (const Bytes& hash : {account.lm, account.nt, account.past})
            QVERIFY(std::any_of(matches.begin(), matches.end(), [&](const Match& match) {
                return spanned(bytes, match) == SecretBytes(hash.begin(), hash.end());
            }));
    }
}

void SambaHashesTest::recordsWithoutHashesAreNothing_data()
{
    QTest::addColumn<int>("which");
    QTest::newRow("no NT hash") << 0;
    QTest::newRow("one of fewer bytes") << 1;
    QTest::newRow("a number in its place") << 2;
    QTest::newRow("an LM hash of fewer bytes") << 3;
    QTest::newRow("no whole former hash") << 4;
    QTest::newRow("other hours") << 5;
}

void SambaHashesTest::recordsWithoutHashesAreNothing()
{
    QFETCH(const int, which);
    Account account;
    switch (which) {
    case 0:
        account.nt.clear();
        break;
    case 1:
        account.nt.pop_back();
        break;
    case 2:
        account.nt.assign(16, 0);
        break;
    case 3:
        account.lm = randomBytes(15, 14);
        break;
    case 4:
        account.past = randomBytes(33, 15);
        break;
    default:
        account.hours.pop_back();
        break;
    }
    QVERIFY(found(account, 4096).empty());
}

/// Of which the dump has nothing before the hours.
void SambaHashesTest::takesABeginningForNoRecord()
{
    const Bytes all = record({});
    for (std::size_t begin = 13; begin < all.size(); ++begin)
        QVERIFY(matchesIn(sambahashesDetector, ByteView(all).subspan(begin)).empty());
}

QTEST_APPLESS_MAIN(SambaHashesTest)
#include "tst_sambahashes.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include "scanner/rules/anchors/tables.h"
#include "scanner/rules/byteanchor.h"

#include <QTest>

#include <algorithm>

using namespace coredact;

namespace {

using namespace std::string_view_literals;

void nothing(const Window&, std::size_t, MatchSink&) { }

std::vector<ByteAnchor> someAnchors()
{
    return {anchorOf("-BEG", 0, nothing),
            anchorOf("\x02\x01\x00\x30"sv, 0, nothing),
            anchorOf("\x94\0\x04\0"sv, "\xf7\0\xff\0"sv, 0, nothing),
            anchorOf("RSA2", 0, nothing),
            anchorOf("RSA3", 0, nothing),
            anchorOf("\xfe\xed\xfe\xed"sv, 0, nothing),
            anchorOf("kty\"", 0, nothing),
            anchorOf("\x05\x02\0\0"sv, 0, nothing),
            anchorOf("y-v1", 0, nothing),
            anchorOf("SAKe", 0, nothing),
            anchorOf("TY-U", 0, nothing)};
}

AnchorTables tablesOf(const std::vector<ByteAnchor>& anchors)
{
    return AnchorTables(std::vector<Anchor>(anchors.begin(), anchors.end()));
}

bool stands(ByteView bytes, std::size_t at, const Anchor& anchor)
{
    for (std::size_t i = 0; i < 4; ++i)
        if ((bytes[at + i] & anchor.mask[i]) != anchor.value[i])
            return false;
    return true;
}

/// Random bytes among which each anchor stands at many places.
std::vector<std::uint8_t> strewn(const std::vector<ByteAnchor>& anchors)
{
    auto bytes = randomBytes(20000, 11);
    for (std::size_t at = 3, i = 0; at + 4 < bytes.size(); at += 37, ++i)
        for (std::size_t k = 0; k < 4; ++k)
            if (anchors[i % anchors.size()].mask[k] == 0xff)
                bytes[at + k] = anchors[i % anchors.size()].value[k];
    return bytes;
}

std::vector<std::uint32_t> positionsOf(AnchorKernel kernel, const AnchorTables& tables,
                                       ByteView bytes, std::size_t from, std::size_t to)
{
    std::vector<std::uint32_t> positions;
    kernel(tables, bytes, from, to, positions);
    return positions;
}

} // namespace

class AnchorPassTest : public QObject {
    Q_OBJECT

private slots:
    void everyKernelGivesTheSamePositions();
    void noAnchorIsMissed();
    void mixedHalvesOfAnchorsAreMostlyTold();
    void maskedBytesMayBeAny();
    void looksPastTheFreshPartOnlyAsFarAsAnAnchorReaches();
};

void AnchorPassTest::everyKernelGivesTheSamePositions()
{
    const auto anchors = someAnchors();
    const AnchorTables tables = tablesOf(anchors);
    const auto bytes = strewn(anchors);
    for (const AnchorKernelChoice& choice : anchorKernels())
        for (std::size_t from = 0; from < 70; ++from) {
            const std::size_t to = bytes.size() - 3 - (from * 7) % 130;
            QVERIFY(positionsOf(choice.kernel, tables, bytes, from, to)
                    == positionsOf(anchorKernelPortable, tables, bytes, from, to));
        }
}

void AnchorPassTest::noAnchorIsMissed()
{
    const auto anchors = someAnchors();
    const AnchorTables tables = tablesOf(anchors);
    const auto bytes = strewn(anchors);
    for (const AnchorKernelChoice& choice : anchorKernels()) {
        const auto positions = positionsOf(choice.kernel, tables, bytes, 0, bytes.size() - 3);
        std::size_t met = 0;
        for (std::size_t at = 0; at + 3 < bytes.size(); ++at)
            for (const ByteAnchor& anchor : anchors)
                if (stands(bytes, at, anchor)) {
                    ++met;
                    QVERIFY(tables.likelyBucketsAt(bytes.data() + at) != 0);
                    QVERIFY(std::binary_search(positions.begin(), positions.end(), at));
                }
        QVERIFY(met > 400);
        // More than the anchors themselves, but not by far.
        QVERIFY(positions.size() < 2 * met + bytes.size() / 50);
    }
}

void AnchorPassTest::mixedHalvesOfAnchorsAreMostlyTold()
{
    // More than there are buckets: two and more share one.
    std::vector<ByteAnchor> anchors;
    for (const std::string_view word : {"PuTT", "Kery", "lock", "ssh-", "user", "JSON", "seal",
                                        "Xkey", "Salt", "hash", "Cert", "auth"})
        anchors.push_back(anchorOf(word, 0, nothing));
    const AnchorTables tables = tablesOf(anchors);
    std::size_t mixed = 0;
    std::size_t told = 0;
    for (const ByteAnchor& a : anchors)
        for (const ByteAnchor& b : anchors) {
            const std::uint8_t bytes[] = {a.value[0], b.value[1], a.value[2], b.value[3]};
            const bool whole = std::any_of(anchors.begin(), anchors.end(),
                                           [&](const auto& one) { return stands(bytes, 0, one); });
            if (whole || tables.bucketsAt(bytes) == 0)
                continue;
            ++mixed;
            told += tables.likelyBucketsAt(bytes) == 0 ? 1 : 0;
        }
    QVERIFY(mixed > 0);
    QVERIFY(told * 10 >= mixed * 9);
}

void AnchorPassTest::maskedBytesMayBeAny()
{
    const std::vector<ByteAnchor> anchors {
        anchorOf("\x94\0\x04\0"sv, "\xf7\0\xff\0"sv, 0, nothing)};
    const AnchorTables tables = tablesOf(anchors);
    for (unsigned first : {0x94U, 0x9cU, 0x95U})
        for (unsigned other = 0; other < 256; ++other) {
            const std::uint8_t bytes[]
                = {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(other), 4,
                   static_cast<std::uint8_t>(255 - other)};
            QCOMPARE(tables.bucketsAt(bytes) != 0, first != 0x95U);
            QCOMPARE(tables.likelyBucketsAt(bytes) != 0, first != 0x95U);
        }
}

void AnchorPassTest::looksPastTheFreshPartOnlyAsFarAsAnAnchorReaches()
{
    // The label's anchor stands four bytes behind its first dash.
    const std::string pem = makeEc("P-256").pem;
    for (std::size_t fresh = 90; fresh < 110; ++fresh) {
        const auto bytes = buried(asBytes(pem), 100, 200);
        QCOMPARE(matchesIn(pemDetector, bytes, fresh).size(), std::size_t {1});
    }
}

QTEST_GUILESS_MAIN(AnchorPassTest)
#include "tst_anchorpass.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/needles.h"

#include "tests/redact/planting.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

/// A needle of any size at some place.
bool standsIn(const Needles& needles, const QByteArray& bytes)
{
    for (std::size_t at = 0; at < view(bytes).size(); ++at)
        if (needles.at(view(bytes).subspan(at),
                       at > 0 ? std::optional(view(bytes)[at - 1]) : std::nullopt))
            return true;
    return false;
}

} // namespace

class TestNeedles : public QObject {
    Q_OBJECT

private slots:
    /// The quick look may tell of places where nothing stands, but leaves out none that has a
    /// needle.
    void standAmongTheirCandidates_data()
    {
        QTest::addColumn<int>("words");
        for (const int words : {0, 1, 3, 16, 17, 60})
            QTest::addRow("%d words", words) << words;
    }
    void standAmongTheirCandidates()
    {
        QFETCH(const int, words);
        std::vector<SecretValue> values {secret(randomText(900, 30)),
                                         secret(randomKey(901, 24), ValueForm::Binary)};
        for (int i = 0; i < words; ++i)
            values.push_back(secret(randomText(unsigned(i) + 1, 5 + i % 3)));
        const Needles needles(values);
        QByteArray bytes = randomKey(77, 300);
        for (const SecretValue& value : values)
            bytes += QByteArray(reinterpret_cast<const char*>(value.value.data()),
                                static_cast<qsizetype>(value.value.size()))
                + randomKey(78, int(value.value.size()) % 7).replace('\0', ' ') + "; ";
        const qsizetype size = bytes.size();
        bytes += QByteArray(32, '\0'); // may be read
        std::size_t seen = 0;
        for (const std::size_t begin : {0U, 5U, 301U}) {
            std::vector<std::uint32_t> positions;
            const auto end = static_cast<std::size_t>(size) - begin % 4;
            needles.candidates(view(bytes).data(), begin, end, positions);
            QVERIFY(std::is_sorted(positions.begin(), positions.end()));
            for (std::size_t at = begin; at < end; ++at) {
                const auto before = at > 0 ? std::optional(view(bytes)[at - 1]) : std::nullopt;
                if (!needles.at(view(bytes).subspan(at), before))
                    continue;
                ++seen;
                QVERIFY(std::binary_search(positions.begin(), positions.end(), at));
            }
        }
        QVERIFY(seen >= std::size_t(words));
    }

    void knowTheEscapesOfEveryCharacter()
    {
        const QByteArray value = "aZ\"q7\\Kr\rT\tv\x01Wb<X>y'&4\nPm";
        const std::vector values {secret(value)};
        const Needles needles(values);
        QVERIFY(standsIn(needles, value));
        const QByteArray json
            = QJsonDocument(QJsonArray {QString::fromLatin1(value)}).toJson(QJsonDocument::Compact);
        QVERIFY(json != value && standsIn(needles, json));
        const QByteArray html = QString::fromLatin1(value).toHtmlEscaped().toLatin1();
        QVERIFY(html != value && standsIn(needles, html));
        QVERIFY(!standsIn(needles, randomText(5, 4000)));
    }

    void areNoneWithoutValues()
    {
        const Needles needles({});
        QVERIFY(needles.empty());
        QCOMPARE(needles.size(), std::size_t(0));
        QVERIFY(!standsIn(needles, randomText(6, 400)));
        const Needles shortest(std::vector {secret("abc")});
        QVERIFY(!standsIn(shortest, "x abc x"));
    }
};

QTEST_APPLESS_MAIN(TestNeedles)
#include "tst_needles.moc"

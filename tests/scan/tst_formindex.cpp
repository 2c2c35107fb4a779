// SPDX-License-Identifier: GPL-3.0-or-later
// Where the search for copies looks closer: all that it leaves out is never compared.
#include "scanner/scan/propagateindex.h"

#include "tests/redact/planting.h"

#include <QtTest>

#include <functional>
#include <map>
#include <numeric>
#include <random>
#include <set>

using namespace coredact;
using namespace coredact::test;

namespace {

std::vector<FormAnchor> anchorsOf(const WindowTable& table, std::uint64_t window)
{
    const auto anchors = table.anchors(window);
    return {anchors.begin(), anchors.end()};
}

/// The positions in a part of the bytes, 32 of which may be read behind it. Empty where they are
/// not in rising order, or lie outside.
std::vector<std::uint32_t> probed(const FormIndex& index, const QByteArray& bytes,
                                  std::size_t begin, std::size_t end)
{
    std::vector<std::uint32_t> positions;
    index.probe(view(bytes).data(), begin, end, positions);
    const bool rises = std::adjacent_find(positions.begin(), positions.end(), std::greater_equal {})
        == positions.end();
    const bool inside = positions.empty() || (positions.front() >= begin && positions.back() < end);
    return rises && inside ? positions : std::vector<std::uint32_t>();
}

/// Whether a piece of a form that stands at `at` has an anchor where that is probed.
bool isAnchored(const FormIndex& index, std::uint32_t form, std::size_t begin, std::size_t size,
                std::size_t at)
{
    const SecretBytes& all = index.forms()[form].bytes;
    QByteArray bytes(static_cast<qsizetype>(at + size + 64), '\xee');
    std::memcpy(bytes.data() + at, all.data() + begin, size);
    bool found = false;
    for (const std::uint32_t position : probed(index, bytes, 0, at + size + 32))
        index.anchorsAt(view(bytes).data() + position, [&](const FormAnchor& anchor) {
            found = found
                || (position >= at && anchor.form == form
                    && anchor.offset == begin + position - at);
        });
    return found;
}

/// Whether the index knows the window at `at` of a form, of which it is shown `size` bytes.
bool hasAnchor(const FormIndex& index, std::uint32_t form, std::size_t at, std::size_t size)
{
    const SecretBytes& all = index.forms()[form].bytes;
    QByteArray bytes(64, '\xee');
    std::memcpy(bytes.data(), all.data() + at, std::min(size, all.size() - at));
    bool found = false;
    index.anchorsAt(view(bytes).data(), [&](const FormAnchor& anchor) {
        found = found || (anchor.form == form && anchor.offset == at);
    });
    return found;
}

/// A form of a value as it is.
SecretForm formOf(const QByteArray& bytes, PlainValue plain = {})
{
    SecretForm form;
    form.encoding = "raw";
    form.bytes = secretBytes(bytes);
    form.origin.resize(form.bytes.size());
    std::iota(form.origin.begin(), form.origin.end(), Origin {0});
    plain.bytes = form.bytes;
    plain.isPublic.resize(form.bytes.size());
    form.plain = std::make_shared<PlainValue>(std::move(plain));
    return form;
}

FormIndex indexOf(const SecretForm& form)
{
    FormIndex index;
    index.add({form}, nullptr);
    index.build();
    return index;
}

FormIndex indexOf(const std::vector<SecretValue>& values, const PresentWords* present = nullptr)
{
    FormIndex index;
    index.add(formsOf(values, CommonParts(values)), present);
    index.build();
    return index;
}

} // namespace

class TestFormIndex : public QObject {
    Q_OBJECT

private slots:
    void knowsThePlacesOfEachWindow()
    {
        WindowTable table;
        QVERIFY(!table.build() && table.empty());
        std::mt19937_64 random(1);
        std::map<std::uint64_t, std::vector<FormAnchor>> expected;
        std::vector<std::uint64_t> windows;
        for (std::uint32_t i = 0; i < 9000; ++i) {
            if (i % 3 == 0)
                windows.push_back(random());
            const std::uint64_t window = windows[random() % windows.size()];
            table.add(window, {i, i + 1});
            expected[window].push_back({i, i + 1});
        }
        QCOMPARE(table.size(), std::size_t(9000));
        QVERIFY(!table.build());
        QVERIFY(!table.empty());
        for (const auto& [window, anchors] : expected)
            QVERIFY(anchorsOf(table, window) == anchors);
        int others = 0;
        for (int i = 0; i < 3000; ++i)
            others += anchorsOf(table, random()).empty() ? 0 : 1;
        QVERIFY(others <= 3);
    }

    void keepsTheLast256PlacesOfAWindow()
    {
        for (const std::uint32_t count : {255U, 256U, 257U, 700U}) {
            WindowTable table;
            std::vector<FormAnchor> expected;
            std::vector<FormAnchor> others;
            for (std::uint32_t i = 0; i < count; ++i) {
                table.add(17, {i, 3});
                if (i + 256 >= count)
                    expected.push_back({i, 3});
                if (i % 2 == 0 && others.size() < 256) {
                    table.add(18, {i, 4});
                    others.push_back({i, 4});
                }
            }
            QCOMPARE(table.build(), count > 256);
            QVERIFY(anchorsOf(table, 17) == expected);
            QVERIFY(anchorsOf(table, 18) == others);
        }
    }

    void knowsTheMarksOfEachBeginning()
    {
        BeginTable table;
        std::mt19937_64 random(2);
        std::map<std::uint64_t, std::uint8_t> expected;
        for (int i = 0; i < 20'000; ++i) {
            const std::uint64_t begin = random() >> 24 & ~std::uint64_t(i % 5 == 0 ? 0xffffff : 0);
            const auto mark = static_cast<std::uint8_t>(1U << i % 4);
            for (const std::uint64_t one : {begin, begin | 1U}) {
                table.add(one, mark);
                expected[one] = static_cast<std::uint8_t>(expected[one] | mark);
            }
        }
        table.settle();
        QCOMPARE(table.size(), expected.size());
        for (const auto& [begin, marks] : expected)
            QCOMPARE(table.marks(begin), marks);
        for (int i = 0; i < 1000; ++i)
            if (const std::uint64_t begin = random() >> 24; !expected.contains(begin))
                QCOMPARE(table.marks(begin), std::uint8_t(0));
        std::size_t visited = 0;
        std::set<std::uint64_t> seen;
        table.forEach([&](std::uint64_t begin) {
            ++visited;
            seen.insert(begin);
        });
        QCOMPARE(visited, expected.size());
        QCOMPARE(seen.size(), expected.size());
        QVERIFY(expected.contains(*seen.begin()) && expected.contains(*seen.rbegin()));
    }

    /// Each shortest piece of each writing, and each whole one, whatever its alignment.
    void anchorsEveryPiece_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<ValueForm>("kind");
        QTest::newRow("text") << randomText(3, 16) + "<&\"/" + randomText(4, 9) << ValueForm::Text;
        QTest::newRow("key") << randomKey(5, 32) << ValueForm::Binary;
        QTest::newRow("number") << randomKey(6, 40) << ValueForm::Number;
        QTest::newRow("short") << QByteArray("q7Kx2") << ValueForm::Text;
        QTest::newRow("even") << QByteArray("aabbaabbaabb") << ValueForm::Text;
    }
    void anchorsEveryPiece()
    {
        QFETCH(const QByteArray, value);
        QFETCH(const ValueForm, kind);
        const FormIndex index = indexOf({secret(value, kind)});
        QVERIFY(index.forms().size() > 10);
        std::size_t longest = 0;
        for (std::uint32_t i = 0; i < index.forms().size(); ++i) {
            const SecretForm& form = index.forms()[i];
            const std::size_t size = form.bytes.size();
            longest = std::max(longest, size);
            const std::size_t piece = form.wholeOnly ? size : std::min(size, form.shortest);
            for (std::size_t begin = 0; begin + piece <= size; ++begin)
                for (std::size_t at = 8; at < 12; ++at)
                    QVERIFY2(isAnchored(index, i, begin, piece, at),
                             (form.encoding + " " + std::to_string(begin)).c_str());
        }
        QCOMPARE(index.longest(), longest);
    }

    /// Few are compared one after the other, many are looked up.
    void findsShortTextsAtEveryPosition_data()
    {
        QTest::addColumn<int>("count");
        for (const int count : {1, 4, 15, 16, 17, 40})
            QTest::addRow("%d", count) << count;
    }
    void findsShortTextsAtEveryPosition()
    {
        QFETCH(const int, count);
        FormIndex index;
        auto plain = std::make_shared<PlainValue>();
        plain->bytes = secretBytes("q7Kx2");
        plain->isPublic.resize(5);
        std::vector<SecretForm> forms;
        QByteArray bytes(5000, '.');
        std::vector<std::uint32_t> expected;
        for (int i = 0; i < count; ++i) {
            SecretForm form;
            form.encoding = "raw";
            form.bytes = secretBytes(randomText(static_cast<unsigned>(100 + i), 5));
            form.origin = {0, 1, 2, 3, 4};
            form.plain = plain;
            form.wholeOnly = true;
            const int at = 20 + i * 111;
            bytes.replace(at, 5, QByteArray(reinterpret_cast<const char*>(form.bytes.data()), 5));
            expected.push_back(static_cast<std::uint32_t>(at));
            forms.push_back(std::move(form));
        }
        index.add(std::move(forms), nullptr);
        QVERIFY(!index.build());
        const auto isProbed = [&](std::size_t begin, std::size_t end) {
            const auto positions = probed(index, bytes, begin, end);
            for (const std::uint32_t at : expected)
                if (at >= begin && at < end
                    && !std::binary_search(positions.begin(), positions.end(), at))
                    return false;
            return true;
        };
        QVERIFY(isProbed(0, 4900));
        for (std::size_t begin = 15; begin <= 20; ++begin)
            for (std::size_t end = 21; end < 30; ++end)
                QVERIFY(isProbed(begin, end));
        QVERIFY(probed(index, bytes, 21, 100).empty() || count > 16); // a filter may tell of others
        QVERIFY(probed(index, bytes, 0, 20).empty() || count > 16);
    }

    void probesEveryFourthPosition()
    {
        const QByteArray key = randomKey(7, 24);
        const FormIndex index = indexOf({secret(key, ValueForm::Binary)});
        QByteArray bytes(12'000, '\xee');
        for (const qsizetype at : {0, 100, 1000, 1020, 4080, 8190, 11'900})
            bytes.replace(at, key.size(), key);
        for (std::size_t begin = 0; begin < 4; ++begin) {
            const auto positions = probed(index, bytes, begin, 11'960);
            for (std::uint32_t at = 0; at < 11'960; ++at) {
                const bool isIn = std::binary_search(positions.begin(), positions.end(), at);
                if (at % 4 != begin)
                    QVERIFY(!isIn);
                else if (bytes.mid(at, 5) != QByteArray(5, '\xee')
                         && key.contains(bytes.mid(at, 5)))
                    QVERIFY(isIn);
            }
        }
        QVERIFY(probed(index, bytes, 200, 900).empty());
    }

    /// One of any four windows in a row is probed; what is too short for that is looked for by its
    /// first four bytes.
    void anchorsWholesByTheirFirstLongWindows()
    {
        for (const QByteArray& front : {QByteArray(), QByteArray(6, '\0'), QByteArray(30, '.')})
            for (int own = 5; own < 40; ++own) {
                const QByteArray bytes = front + randomText(static_cast<unsigned>(own), own);
                SecretForm form = formOf(bytes);
                form.wholeOnly = true;
                const FormIndex index = indexOf(form);
                const auto size = static_cast<std::size_t>(bytes.size());
                std::size_t window = 4;
                std::size_t first = 0;
                for (const std::size_t one : {5U, 8U, 16U, 24U}) {
                    // The first of them must hold two bytes that differ.
                    const std::size_t from = front.isEmpty() ? 0
                        : one > std::size_t(front.size())    ? 0
                                                             : std::size_t(front.size()) + 1 - one;
                    if (from + 3 + one <= size) {
                        window = one;
                        first = from;
                    }
                }
                for (std::size_t at = 0; at + 4 <= size; ++at) {
                    const bool isOne = at >= first && at < first + (window == 4 ? 1 : 4);
                    QVERIFY2(hasAnchor(index, 0, at, window) == isOne,
                             qPrintable(QString("%1 %2 %3").arg(front.size()).arg(own).arg(at)));
                    QVERIFY(!hasAnchor(index, 0, at, window - 1) || window == 4);
                }
                for (std::size_t at = 8; at < 12; ++at)
                    QVERIFY(isAnchored(index, 0, 0, size, at));
            }
    }

    /// Of a value that is mostly what others are, by what it alone has; unless it has nothing.
    void anchorsSharedValuesByTheirOwn()
    {
        for (const std::size_t own : {0U, 3U, 4U, 6U}) {
            PlainValue plain;
            plain.isPublic.assign(24 - own, true);
            plain.isShared = true;
            const FormIndex index = indexOf(formOf(randomKey(20, 24), plain));
            // Of less than four bytes there are no four windows in a row.
            const std::size_t first = own < 4 ? 0 : 24 - 16 + 1 - own;
            for (std::size_t at = 0; at + 16 <= 24; ++at)
                QCOMPARE(hasAnchor(index, 0, at, 16), at >= first && at < first + 4);
        }
    }

    void leavesOutWindowsOfPublicBytes()
    {
        PlainValue plain;
        plain.isPublic.resize(40);
        for (std::size_t i = 7; i < 20; ++i)
            plain.isPublic[i] = true;
        const FormIndex index = indexOf(formOf(randomKey(21, 40), plain));
        for (std::size_t at = 0; at + 5 <= 40; ++at)
            QCOMPARE(hasAnchor(index, 0, at, 5), at < 7 || at + 5 > 20);
        plain.isPublic.assign(40, true);
        QVERIFY(indexOf(formOf(randomKey(21, 40), plain)).forms().empty());
    }

    /// All runs of twelve bytes that a window lies in stand in an earlier value.
    void leavesOutWhatAnEarlierValueHas()
    {
        std::mt19937 random(22);
        for (const std::size_t size : {12U, 13U, 20U, 40U})
            for (unsigned pattern = 0; pattern < 6; ++pattern) {
                PlainValue plain;
                for (std::size_t at = 0; at < size; ++at)
                    plain.isKnown.push_back(
                        at + sharedRun <= size
                        && (pattern == 0 || (pattern != 5 && random() % 8 != 0)));
                SecretForm form = formOf(randomKey(23, static_cast<int>(size)), plain);
                form.partsAlike = true;
                SecretForm turned = form;
                std::reverse(turned.bytes.begin(), turned.bytes.end());
                std::reverse(turned.origin.begin(), turned.origin.end());
                const FormIndex index = indexOf(form);
                const FormIndex backwards = indexOf(turned);
                const auto isKnown = [&](std::size_t at) {
                    bool all = true;
                    for (std::size_t run = 0; run + sharedRun <= size; ++run)
                        if (run <= at && at + 5 <= run + sharedRun)
                            all = all && plain.isKnown[run];
                    return all;
                };
                bool any = false;
                for (std::size_t at = 0; at + 5 <= size; ++at)
                    any = any || !isKnown(at);
                QCOMPARE(index.forms().size(), std::size_t(any ? 1 : 0));
                QCOMPARE(backwards.forms().size(), std::size_t(any ? 1 : 0));
                for (std::size_t at = 0; any && at + 5 <= size; ++at) {
                    QCOMPARE(hasAnchor(index, 0, at, 5), !isKnown(at));
                    QCOMPARE(hasAnchor(backwards, 0, size - 5 - at, 5), !isKnown(at));
                }
                // Where parts are not written alike they are found by their own windows only.
                form.partsAlike = false;
                const FormIndex own = indexOf(form);
                for (std::size_t at = 0; at + 5 <= size; ++at)
                    QVERIFY(hasAnchor(own, 0, at, 5));
            }
    }

    /// Of what stands nowhere in the dump nothing is kept, and no memory taken.
    void leavesOutWhatStandsNowhere()
    {
        const QByteArray key = randomKey(8, 40);
        QByteArray bytes = randomKey(9, 4000);
        bytes.replace(1000, key.size(), key);
        PresentWords present(16'000, 1 << 16);
        present.add(view(bytes), 0, 3900, 1);
        const std::vector values {secret(key, ValueForm::Binary)};
        const FormIndex all = indexOf(values);
        const FormIndex some = indexOf(values, &present);
        QVERIFY(some.forms().size() < all.forms().size() / 2);
        QVERIFY(some.memory() < all.memory() / 4 && some.memory() > 1000);
        const auto raw
            = std::find_if(some.forms().begin(), some.forms().end(),
                           [](const SecretForm& form) { return form.encoding == "raw"; });
        QVERIFY(raw != some.forms().end());
        const auto number = static_cast<std::uint32_t>(raw - some.forms().begin());
        for (std::size_t begin = 0; begin + 8 <= 40; ++begin)
            for (std::size_t at = 8; at < 12; ++at)
                QVERIFY(isAnchored(some, number, begin, 8, at));
        // By chance something of a form seems to stand there.
        const FormIndex none = indexOf({secret(randomKey(10, 40), ValueForm::Binary)}, &present);
        QVERIFY(none.forms().size() < all.forms().size() / 2);
        QVERIFY(none.memory() < all.memory() / 8);
    }

    void saysWhereTooManyFormsHaveAWindow()
    {
        const QByteArray common = randomKey(11, 12);
        std::vector<SecretValue> values;
        for (unsigned i = 0; i < 257; ++i)
            values.push_back(secret(randomKey(100 + i, 4) + common, ValueForm::Binary));
        FormIndex index;
        // Nothing of it is known to be common: these are some of all values.
        const CommonParts none {std::span<const SecretValue>()};
        index.add(formsOf(std::span(values).first(60), none), nullptr);
        QVERIFY(!index.build());
        FormIndex more;
        more.add(formsOf(values, none), nullptr);
        QVERIFY(more.build());
    }
};

QTEST_APPLESS_MAIN(TestFormIndex)
#include "tst_formindex.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/verifybytes.h"

#include "scanner/io/digest.h"
#include "tests/redact/findings.h"
#include "tests/redact/planting.h"
#include "tests/support/memoryfile.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint64_t size = 4096;

/// Each kind of fill once, and a token that there is no text for.
const std::vector<Edit>& edits()
{
    static const std::vector<Edit> made {{range(100, 40), Fill::X, "rule", "f1", ""},
                                         {range(200, 40), Fill::Zero, "rule", "f1", ""},
                                         {range(300, 40), Fill::A5, "rule", "f1", ""},
                                         {range(400, 40), Fill::Token, "rule", "f1", "CDR~bcd"},
                                         {range(size - 8, 8), Fill::X, "rule", "f1", ""}};
    return made;
}

const RedactionPlan& plan()
{
    static const RedactionPlan made = *RedactionPlan::fromEdits(edits(), size, {});
    return made;
}

Bytes original() { return Bytes(size, 'o'); }

Bytes filled(Bytes copy, const std::vector<Edit>& edits)
{
    for (const Edit& edit : edits)
        for (std::uint64_t at = edit.range.first(); at <= edit.range.last(); ++at)
            copy[at] = edit.fill == Fill::X ? 'X'
                : edit.fill == Fill::Zero   ? 0
                : edit.fill == Fill::A5
                ? 0xa5
                : static_cast<std::uint8_t>("CDR~bcd"[(at - edit.range.first()) % 7]);
    return copy;
}

Bytes honestCopy() { return filled(original(), edits()); }

/// What is noted against the bytes and against the fill of a copy.
std::pair<std::size_t, std::size_t> noted(const Bytes& copy, const Bytes* whole,
                                          const RedactionPlan& planned = plan())
{
    const auto written = Source::fromBytes(copy);
    const auto source = Source::fromBytes(whole ? *whole : Bytes());
    VerificationNotes notes;
    if (!verifyBytes(*written, whole ? &*source : nullptr, planned, notes, JobControl()))
        qFatal("bytes in memory cannot be read");
    return {notes.violationsOf("bytes"), notes.violationsOf("fill")};
}

using Noted = std::pair<std::size_t, std::size_t>;

} // namespace

/// The bytes of a copy against those of the original and of the plan.
class TestVerifyBytes : public QObject {
    Q_OBJECT

private slots:
    void passAnHonestCopy()
    {
        const Bytes whole = original();
        QCOMPARE(noted(honestCopy(), &whole), Noted(0, 0));
        QCOMPARE(noted(honestCopy(), nullptr), Noted(0, 0));
    }

    /// With the original every byte is known, without it those of the plan.
    void nameEveryChangedByte()
    {
        const Bytes whole = original();
        for (std::uint64_t at = 0; at < size; at += at < 500 || at > size - 20 ? 1 : 97) {
            Bytes copy = honestCopy();
            copy[at] ^= 0x10;
            const bool planned = std::any_of(edits().begin(), edits().end(), [&](const Edit& edit) {
                return edit.range.contains(at);
            });
            QCOMPARE(noted(copy, &whole), planned ? Noted(0, 1) : Noted(1, 0));
            QCOMPARE(noted(copy, nullptr), planned ? Noted(0, 1) : Noted(0, 0));
        }
    }

    /// Files are looked at in windows, which edits lie across and end at.
    void nameAChangedByteAtTheEdgesOfWindows()
    {
        constexpr std::uint64_t window = 1U << 20;
        constexpr std::uint64_t end = 2 * window + 9;
        const std::vector<Edit> across {{range(window - 5, 12), Fill::Token, "r", "f1", "CDR~bcd"},
                                        {range(2 * window - 4, 4), Fill::X, "r", "f1", ""},
                                        {range(2 * window, 1), Fill::A5, "r", "f1", ""},
                                        {range(2 * window + 4, 2), Fill::Zero, "r", "f1", ""}};
        const RedactionPlan planned = *RedactionPlan::fromEdits(across, end, {});
        const Bytes whole(end, 'o');
        const Bytes honest = filled(whole, across);
        QCOMPARE(noted(honest, &whole, planned), Noted(0, 0));
        for (const std::uint64_t edge : {window, 2 * window}) {
            for (std::uint64_t at = edge - 9; at < edge + 9; ++at) {
                Bytes copy = honest;
                copy[at] ^= 0x10;
                const bool isPlanned
                    = std::any_of(across.begin(), across.end(),
                                  [&](const Edit& edit) { return edit.range.contains(at); });
                QCOMPARE(noted(copy, &whole, planned), isPlanned ? Noted(0, 1) : Noted(1, 0));
            }
        }
    }

    void lookAtALastByteThatBeginsAWindow()
    {
        const Bytes whole((1U << 20) + 1, 'o');
        const RedactionPlan none = *RedactionPlan::fromEdits({}, whole.size(), {});
        Bytes copy = whole;
        copy.back() = 'c';
        QCOMPARE(noted(copy, &whole, none), Noted(1, 0));
    }

    /// Only data is read; what is filled with zeros may be a hole in both files.
    void countHolesAsTheZerosThatTheyAre()
    {
        constexpr std::uint64_t mega = 1U << 20;
        const auto sparse = [] {
            Descriptor file = memoryFile();
            writeAt(file.number(), mega, Bytes(4096, 'o'));
            writeAt(file.number(), 3 * mega, Bytes(4096, 'o'));
            if (ftruncate(file.number(), 5 * mega) != 0)
                qFatal("no file in memory");
            return *Source::fromDescriptor(std::move(file));
        };
        const Source original = sparse();
        const Source copy = sparse();
        const RedactionPlan planned = *RedactionPlan::fromEdits(
            {{range(2 * mega + 5, 7), Fill::Zero, "r", "f1", ""}}, 5 * mega, {});
        VerificationNotes notes;
        const auto sum = verifyBytes(copy, &original, planned, notes, JobControl());
        QCOMPARE(notes.violationsOf("bytes") + notes.violationsOf("fill"), std::size_t(0));
        QCOMPARE(*sum, sha256(*copy.read(0, copy.size())));
        const RedactionPlan other = *RedactionPlan::fromEdits(
            {{range(2 * mega + 5, 7), Fill::X, "r", "f1", ""}}, 5 * mega, {});
        QVERIFY(verifyBytes(copy, nullptr, other, notes, JobControl()).ok());
        QCOMPARE(notes.violationsOf("fill"), std::size_t(7));
    }

    void tellOfAHundredPlacesAndCountAll()
    {
        VerificationNotes notes;
        for (std::uint64_t i = 0; i < 150; ++i)
            notes.violate("bytes", i, "a byte outside the plan was changed");
        notes.violate("fill", 7, "a planned byte does not hold its fill");
        QCOMPARE(notes.violationsOf("bytes"), std::size_t(150));
        QCOMPARE(notes.violationsOf("size"), std::size_t(0));
        notes.conclude("bytes", "first", "some");
        notes.conclude("fill", "second", "some");
        notes.conclude("size", "third", "some");
        VerificationNotes all;
        all.take(std::move(notes));
        QCOMPARE(all.violationsOf("bytes"), std::size_t(150));
        const VerificationReport report = std::move(all).finish("sum");
        QCOMPARE(report.sha256, std::string("sum"));
        QCOMPARE(report.violations.size(), std::size_t(101));
        QCOMPARE(report.checks[0].detail, std::string("some; 150 violations"));
        QCOMPARE(report.checks[1].detail, std::string("some; 1 violation"));
        QVERIFY(!report.checks[0].passed && !report.checks[1].passed && report.checks[2].passed);
        QVERIFY(!report.passed());
    }

    void missWhatACutCopyHasNot()
    {
        const Bytes whole = original();
        Bytes copy = honestCopy();
        copy.pop_back();
        QCOMPARE(noted(copy, &whole).second, std::size_t(1));
        QCOMPARE(noted(copy, nullptr).second, std::size_t(1));
        QCOMPARE(noted({}, &whole).second, std::size_t(1));
        QCOMPARE(noted({}, nullptr).second, std::size_t(1));
    }

    void sayNothingOfWhatTheOriginalHasNot()
    {
        const Bytes whole = original();
        Bytes copy = honestCopy();
        copy.resize(3U << 20, 'n');
        // That the sizes differ is another check's to tell.
        QCOMPARE(noted(copy, &whole).second, std::size_t(0));
        QCOMPARE(noted(copy, nullptr), Noted(0, 0));
    }

    void endWhenAsked()
    {
        const auto copy = Source::fromBytes(honestCopy());
        JobControl control;
        control.cancel();
        VerificationNotes notes;
        const auto sum = verifyBytes(*copy, nullptr, plan(), notes, control);
        QVERIFY(!sum && sum.error().code == ErrorCode::Cancelled);
    }

    void knowThePromisedByteOfEachFill()
    {
        QCOMPARE(promisedByte(edits()[0], 100), std::uint8_t('X'));
        QCOMPARE(promisedByte(edits()[1], 239), std::uint8_t(0));
        QCOMPARE(promisedByte(edits()[2], 300), std::uint8_t(0xa5));
        QCOMPARE(promisedByte(edits()[3], 400 + 7 + 3), std::uint8_t('~'));
        Edit nameless = edits()[3];
        nameless.token.clear();
        QCOMPARE(promisedByte(nameless, 400), std::uint8_t('X'));
    }
};

QTEST_APPLESS_MAIN(TestVerifyBytes)
#include "tst_verifybytes.moc"

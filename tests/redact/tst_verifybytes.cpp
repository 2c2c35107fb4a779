// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/verifybytes.h"

#include "tests/redact/findings.h"
#include "tests/redact/planting.h"

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

Bytes honestCopy()
{
    Bytes copy = original();
    for (const Edit& edit : edits())
        for (std::uint64_t at = edit.range.first(); at <= edit.range.last(); ++at)
            copy[at] = edit.fill == Fill::X ? 'X'
                : edit.fill == Fill::Zero   ? 0
                : edit.fill == Fill::A5
                ? 0xa5
                : static_cast<std::uint8_t>("CDR~bcd"[(at - edit.range.first()) % 7]);
    return copy;
}

/// What is noted against the bytes and against the fill of a copy.
std::pair<std::size_t, std::size_t> noted(const Bytes& copy, const Bytes* whole)
{
    const auto written = Source::fromBytes(copy);
    const auto source = Source::fromBytes(whole ? *whole : Bytes());
    VerificationNotes notes;
    if (!verifyBytes(*written, whole ? &*source : nullptr, plan(), notes, JobControl()))
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

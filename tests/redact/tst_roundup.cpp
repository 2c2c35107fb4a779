// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/certificate.h"
#include "scanner/redact/roundup.h"
#include "scanner/redact/token.h"

#include "tests/redact/findings.h"
#include "tests/redact/heap.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

QByteArray text(int size) { return randomText(static_cast<unsigned>(size), size); }

SecretValue value(const char* content, ValueForm form = ValueForm::Text)
{
    return secret(content, form);
}

} // namespace

class TestRoundUp : public QObject {
    Q_OBJECT

private slots:
    void givesSecretsOfTwoLengthsTheSameRange()
    {
        std::vector<FileRange> filled;
        for (const int length : {12, 19}) {
            Heap heap;
            heap.allocate(QByteArray(600, 't'));
            const auto at = heap.allocate(text(length));
            heap.allocate("the next one");
            heap.close();
            const std::vector findings {
                finding("f1", {occurrence({range(at, static_cast<std::uint64_t>(length))})})};
            PlanPolicy policy;
            policy.roundUp = true;
            const Source source = heap.source();
            const auto plan
                = RedactionPlan::make(heap.dump(), findings, {}, policy, {{}, &source, {}});
            QCOMPARE(plan.edits().size(), std::size_t(1));
            QCOMPARE(plan.figures().lengthsHidden, std::uint64_t(1));
            QCOMPARE(plan.figures().lengthsShown, std::uint64_t(0));
            filled.push_back(plan.edits().front().range);
            const auto shown = RedactionPlan::make(heap.dump(), findings, {}, {});
            QCOMPARE(shown.edits().front().range.size(), std::uint64_t(length));
            QCOMPARE(shown.figures().lengthsShown, std::uint64_t(1));
        }
        QCOMPARE(filled[0], filled[1]);
        QCOMPARE(filled[0].size(), std::uint64_t(24)); // up to the size of the next chunk
    }

    /// A secret that lies in two places of the file has one end only.
    void growsAtTheLastPieceOfASecret()
    {
        Heap heap;
        const auto at = heap.allocate(text(12));
        const auto end = heap.allocate(text(9));
        heap.allocate("the next one");
        heap.close();
        const std::vector findings {finding("f1", {occurrence({range(at, 12), range(end, 9)})})};
        PlanPolicy policy;
        policy.roundUp = true;
        const Source source = heap.source();
        const auto plan = RedactionPlan::make(heap.dump(), findings, {}, policy, {{}, &source, {}});
        QCOMPARE(plan.edits().size(), std::size_t(2));
        QCOMPARE(plan.edits()[0].range, range(at, 12));
        QCOMPARE(plan.edits()[1].range, range(end, 24));
        QCOMPARE(plan.figures().lengthsHidden, std::uint64_t(1));
        QCOMPARE(RedactionPlan::make(heap.dump(), findings, {}, {}).figures().lengthsShown,
                 std::uint64_t(1));
    }

    /// Else the plan would claim to hide a length that what is kept behind it shows.
    void hidesNoLengthBeforeWhatIsKept()
    {
        Heap heap;
        const auto at = heap.allocate(text(24));
        heap.allocate("the next one");
        heap.close();
        const Source source = heap.source();
        const std::vector findings {finding("f1", {occurrence({range(at, 10)})}),
                                    finding("f2", {occurrence({range(at + 12, 10)})})};
        const std::vector one {findings.front()};
        const std::vector<ClassRange> classes {{range(at + 12, 10), DumpClass::Heap}};
        PlanPolicy policy;
        policy.roundUp = true;
        Triage triage;
        triage.decisions["f2"] = {Verdict::Keep, Reason::FalsePositive, ""};
        const auto kept
            = RedactionPlan::make(heap.dump(), findings, triage, policy, {{}, &source, {}});
        QCOMPARE(kept.figures().lengthsHidden, std::uint64_t(0));
        policy.classes = std::vector {ClassChoice {DumpClass::Heap, ClassUse::Keep}};
        const auto left = RedactionPlan::make(heap.dump(), one, {}, policy, {classes, &source, {}});
        QCOMPARE(left.figures().lengthsHidden, std::uint64_t(0));
        policy.classes->front().use = ClassUse::Scan;
        const auto whole
            = RedactionPlan::make(heap.dump(), one, {}, policy, {classes, &source, {}});
        QCOMPARE(whole.figures().lengthsHidden, std::uint64_t(1));
    }

    /// Behind an allocation comes the size of the next one, by which heaps are walked.
    void leavesSizesOfTheAllocatorAlone()
    {
        for (int length = 1; length < 80; ++length) {
            Heap heap;
            const auto at = heap.allocate(text(length));
            const auto next = heap.allocate(text(20));
            heap.close();
            const RoundedEnd end = heap.rounded(at, static_cast<std::uint64_t>(length));
            QVERIFY(end.hidden);
            QCOMPARE(end.last, next - 8 - 1);
        }
    }

    void growsInWhatFollowsAnotherSecretOfTheAllocation()
    {
        Heap heap;
        const auto at = heap.allocate("name=" + text(20) + "\nother=line");
        heap.allocate("next");
        heap.close();
        QCOMPARE(heap.rounded(at + 5, 20).last, heap.rounded(at + 5, 3).last);
    }

    void growsNoFurtherThanFourKilobytes()
    {
        Heap heap;
        const auto at = heap.allocate(text(20) + QByteArray(9000, 'd'));
        heap.allocate("next");
        heap.close();
        const RoundedEnd end = heap.rounded(at, 20);
        QCOMPARE(end.last, at + 19);
        QVERIFY(!end.hidden);
        const RoundedEnd nearer = heap.rounded(at + 6000, 20);
        QVERIFY(nearer.hidden);
    }

    void knowsNothingBehindASizeThatCannotBe()
    {
        Heap heap;
        heap.allocate(text(30));
        const auto spoilt = heap.allocate(text(30));
        const auto behind = heap.allocate(text(20) + "follows"); // no zero byte up to its end
        heap.close();
        heap.spoilSize(spoilt);
        const RoundedEnd end = heap.rounded(behind, 20);
        QCOMPARE((0x602000 + end.last + 1) % 16, std::uint64_t(0)); // as a text
        QVERIFY(end.last < behind + 40);
    }

    void findsTheAllocationsOfFurtherHeaps()
    {
        Heap heap(0x7f0000000000, RegionKind::Anonymous);
        heap.head(0x8d0); // the heap's head and the arena's state
        std::uint64_t at = 0;
        for (int i = 0; i < 12; ++i)
            at = heap.allocate(text(60));
        const auto next = heap.allocate("next");
        heap.close();
        const RoundedEnd end = heap.rounded(at, 10);
        QVERIFY(end.hidden);
        QCOMPARE(end.last, next - 9);
    }

    void fillsATextWithItsZeroBytesUpToTheNextSixteen()
    {
        for (const int length : {17, 22, 30}) {
            Heap data(0x601000, RegionKind::File);
            data.head(256);
            QByteArray bytes = text(length);
            data.allocate(QByteArray(16, '\0') + bytes + QByteArray(64, '\0'));
            data.close();
            const std::uint64_t at = 256 + 16 + 16;
            const RoundedEnd end = data.rounded(at, static_cast<std::uint64_t>(length));
            QVERIFY(end.hidden);
            QCOMPARE(end.last, at + 31);
        }
    }

    void stopsAtWhatIsNotZeroAndSaysSo()
    {
        Heap data(0x601000, RegionKind::File);
        data.head(64);
        data.allocate(text(20) + '\0' + "n");
        data.close();
        const RoundedEnd end = data.rounded(64 + 16, 20);
        QCOMPARE(end.last, std::uint64_t(64 + 16 + 20));
        QVERIFY(!end.hidden);
    }

    void takesTheZeroOfWideTextForItsEnd()
    {
        QByteArray wide;
        for (const char character : text(10))
            wide.append(character).append('\0');
        Heap data(0x601000, RegionKind::File);
        data.head(64);
        data.allocate(wide + "a" + QByteArray(64, '\0')); // one more character that is no secret
        data.close();
        const RoundedEnd end = data.rounded(64 + 16, 20, 2);
        QVERIFY(end.hidden);
        QCOMPARE(end.last, std::uint64_t(64 + 16 + 31));
    }

    /// Between variables and saved registers there are no gaps.
    void staysWithinTheWordOnAStack()
    {
        Heap stack(0x7ffffffde000, RegionKind::Stack);
        stack.head(64);
        stack.allocate(text(17));
        stack.close();
        const RoundedEnd end = stack.rounded(64 + 16, 17);
        QVERIFY(end.hidden);
        QCOMPARE(end.last, std::uint64_t(64 + 16 + 23));
    }

    void staysOffWhatIsKeptAndOffStructure()
    {
        Heap heap;
        const auto at = heap.allocate(text(12) + QByteArray(40, '-'));
        heap.allocate("next");
        heap.close();
        for (std::uint64_t closed = at + 12; closed < at + 48; ++closed) {
            const RoundedEnd end = heap.rounded(at, 12, 1, {range(closed, 3)});
            QCOMPARE(end.last, closed - 1);
            QVERIFY(!end.hidden);
        }
        // In a plan: another finding that is kept.
        const std::vector findings {finding("f1", {occurrence({range(at, 12)})}),
                                    finding("f2", {occurrence({range(at + 20, 4)})})};
        Triage triage;
        triage.decisions["f2"] = {Verdict::Keep, Reason::FalsePositive, ""};
        PlanPolicy policy;
        policy.roundUp = true;
        const Source source = heap.source();
        const auto plan
            = RedactionPlan::make(heap.dump(), findings, triage, policy, {{}, &source, {}});
        QCOMPARE(plan.edits().front().range, range(at, 20));
        QVERIFY(plan.conflicts().empty());
    }

    void neverLeavesTheSegment()
    {
        for (std::uint64_t size = 1; size < 40; ++size) {
            Heap data(0x601000, RegionKind::File);
            data.head(64);
            const auto all = static_cast<std::uint64_t>(data.bytes().size());
            QVERIFY(data.rounded(all - size, size).last < all);
        }
    }

    /// The zero that ends a text is as wide as its characters.
    void takesTheEncodingOfThePlaceIntoAccount()
    {
        for (const auto& [encoding, unit] :
             {std::pair("raw", 1), std::pair("utf-16be", 2), std::pair("utf-32le", 4)}) {
            Heap data(0x601000, RegionKind::File);
            data.head(64);
            // Bytes of zero in characters, as many as the next wider ones have less one.
            data.allocate(text(16) + QByteArray(unit - 1, '\0') + "n" + QByteArray(40, '\0'));
            data.close();
            const std::vector findings {finding("f1", {occurrence({range(80, 16)}, encoding)})};
            PlanPolicy policy;
            policy.roundUp = true;
            const Source source = data.source();
            const auto plan
                = RedactionPlan::make(data.dump(), findings, {}, policy, {{}, &source, {}});
            QVERIFY2(plan.edits().front().range.size() >= std::uint64_t(16 + 2 * unit), encoding);
            // Without the bytes nothing can be said of them.
            const auto blind = RedactionPlan::make(data.dump(), findings, {}, policy);
            QCOMPARE(blind.edits().front().range, range(80, 16));
            policy.roundUp = false;
            const auto plain
                = RedactionPlan::make(data.dump(), findings, {}, policy, {{}, &source, {}});
            QCOMPARE(plain.edits().front().range, range(80, 16));
        }
    }

    void isStatedInTheCertificate()
    {
        QCOMPARE(lengthStatement(false, {0, 3, 0}),
                 std::string("The length of each redacted place is visible."));
        QVERIFY(lengthStatement(true, {2, 1, 0}).find("at 2 of 3 places") != std::string::npos);
    }

    void givesNoPseudonymToWhatCanBeGuessed()
    {
        for (const char* guessable :
             {"1234", "000000", "true", "no", "DE", "+49 170 12345", "password", "11111111111111",
              "2026-01-31", "Nein", "", "AAAAAAAAAAAAAAAAAAAAAA"})
            QVERIFY2(isGuessable(value(guessable)), guessable);
        QVERIFY(isGuessable(value("\x01\x02\x03\x04", ValueForm::Binary)));
        QVERIFY(!isGuessable(value("\x01\x02\x03\x04\x05", ValueForm::Binary))); // 40 bits
        for (const char* other : {"4111 1111 1010 1234 5678", "gX7pQ2mZ", "9z9z9z9z", "9Z9Z9Z9Z",
                                  "9\xff\x39\xff\x39\xff\x39\xff",
                                  "AKIA"
                                  "Z3MSJV4WYQ5T"})
            QVERIFY2(!isGuessable(value(other)), other);
        QVERIFY(!isGuessable(secret(randomKey(1, 16), ValueForm::Binary)));

        const std::vector findings {finding("f1", {occurrence({range(10, 12)})}),
                                    finding("f2", {occurrence({range(30, 12)})})};
        const std::vector values {value("123412341234"), value("gX7pQ2mZk9Wd")};
        Dump dump;
        dump.size = 100;
        PlanPolicy policy;
        policy.fill = Fill::Token;
        const auto plan = RedactionPlan::make(dump, findings, {}, policy, {{}, nullptr, values});
        QCOMPARE(plan.edits()[0].fill, Fill::X);
        QCOMPARE(plan.edits()[1].fill, Fill::Token);
        QCOMPARE(plan.figures().withoutToken, std::uint64_t(1));
        policy.fill = Fill::X;
        const auto plain = RedactionPlan::make(dump, findings, {}, policy, {{}, nullptr, values});
        QCOMPARE(plain.figures().withoutToken, std::uint64_t(0));
    }

    /// A pseudonym is cut to its place: the place must not tell what the fill hides.
    void makesPseudonymsOfTheRoundedLength()
    {
        std::vector<std::size_t> sizes;
        for (const int length : {9, 19}) {
            Heap heap;
            const auto at = heap.allocate(text(length));
            heap.allocate("next");
            heap.close();
            const std::vector findings {
                finding("f1", {occurrence({range(at, static_cast<std::uint64_t>(length))})})};
            PlanPolicy policy;
            policy.roundUp = true;
            policy.fill = Fill::Token;
            const Source source = heap.source();
            const auto plan
                = RedactionPlan::make(heap.dump(), findings, {}, policy, {{}, &source, {}});
            sizes.push_back(plan.edits().front().token.size());
        }
        QCOMPARE(sizes[0], sizes[1]);
    }
};

QTEST_APPLESS_MAIN(TestRoundUp)
#include "tst_roundup.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "made.h"
#include "models/exportpreview.h"
#include "models/jobprogress.h"
#include "models/textpreview.h"

#include <QTest>

using namespace coredact;

class TestPreviews : public QObject {
    Q_OBJECT

private slots:
    void masksEverySecretInTheText();
    void showsAPublicPrefixAlsoInUtf16();
    void showsNothingAroundBinaryKeys();
    void hidesTheLengthOfASecret();
    void decodesAJwtWithoutItsPerson();
    void choosesTheSyntax();
    void findsTheMostSevereMark();
    void countsWhatAnExportChanges();
    void countsWhatAMinimisedCopyHolds();
    void carriesDecisionsOverByEachPlace();
    void measuresRateAndTimeLeft();

private:
    /// A cache that holds `text` at offset 0x1000 of an otherwise empty file.
    static void fill(ByteCache& cache, const QByteArray& text)
    {
        cache.reset(0x10000, [](std::uint64_t, std::uint32_t) { return true; });
        std::vector<std::uint8_t> bytes(0x10000, 0);
        std::copy(text.begin(), text.end(), bytes.begin() + 0x1000);
        cache.at(0);
        cache.arrive(0, bytes);
    }
    static Finding findingAt(std::uint64_t offset, std::uint64_t size, std::string encoding = "raw")
    {
        Finding finding = made::finding("f1", Severity::High, offset);
        finding.occurrences = {made::place(offset, size, std::move(encoding))};
        return finding;
    }
    static TextPreview previewOf(ByteCache& cache, const Finding& finding,
                                 std::vector<FindingPtr> others = {})
    {
        others.push_back(made::shared(finding));
        TextPreview preview;
        if (!textPreview(cache, Marks(others), finding, finding.occurrences[0], preview))
            preview.text = QStringLiteral("(bytes are missing)");
        return preview;
    }
};

void TestPreviews::masksEverySecretInTheText()
{
    ByteCache cache;
    fill(cache, "user=app&password=hunter2&other=abcdef&end");
    const auto other = made::shared(findingAt(0x1000 + 32, 6));
    const TextPreview preview = previewOf(cache, findingAt(0x1000 + 18, 7), {other});
    QCOMPARE(preview.text, QString::fromUtf8("user=app&password=•••••••&other=••••••&end"));
    QCOMPARE(preview.masks.size(), std::size_t(2));
    QCOMPARE(preview.masks[0].begin, 18);
    QCOMPARE(preview.masks[0].length, 7);
}

void TestPreviews::showsAPublicPrefixAlsoInUtf16()
{
    ByteCache cache;
    const QString text = QStringLiteral("TOKEN=ghp"
                                        "_aaaabbbb;");
    fill(cache, QByteArray(reinterpret_cast<const char*>(text.utf16()), 2 * text.size()));
    const TextPreview preview = previewOf(cache, findingAt(0x1000 + 12, 24, "utf-16le"));
    QCOMPARE(preview.text, QString::fromUtf8("TOKEN=ghp_••••••••;"));
}

void TestPreviews::showsNothingAroundBinaryKeys()
{
    ByteCache cache;
    fill(cache, QByteArray::fromHex("00010203aabbccddeeff00112233445566778899"));
    QVERIFY(previewOf(cache, findingAt(0x1004, 16)).text.isEmpty());
}

void TestPreviews::hidesTheLengthOfASecret()
{
    ByteCache cache;
    fill(cache, "password=" + QByteArray(400, 'x') + "\nnext=1");
    const TextPreview preview = previewOf(cache, findingAt(0x1009, 400));
    QCOMPARE(preview.text.count(QChar(0x2022)), 18);
    QVERIFY(preview.text.endsWith(QStringLiteral("next=1")));
}

void TestPreviews::decodesAJwtWithoutItsPerson()
{
    const auto base64 = [](const QByteArray& text) {
        return text.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    };
    const QByteArray token = base64(R"({"alg":"RS256","kid":"7a"})") + '.'
        + base64(R"({"iss":"https://idp.example.net","sub":"jane \" doe","exp":1})")
        + ".c2lnbmF0dXJl";
    ByteCache cache;
    fill(cache, token);
    const TextPreview preview
        = previewOf(cache, findingAt(0x1000, static_cast<std::uint64_t>(token.size())));
    QVERIFY(preview.text.contains(QStringLiteral("\"iss\": \"https://idp.example.net\"")));
    QVERIFY(preview.text.contains(QStringLiteral("\"kid\": \"7a\"")));
    QVERIFY(!preview.text.contains(QStringLiteral("jane")));
    QVERIFY(!preview.text.contains(QStringLiteral("c2ln")));
    QCOMPARE(preview.syntax, QStringLiteral("JSON"));
}

void TestPreviews::choosesTheSyntax()
{
    QCOMPARE(syntaxOf(QStringLiteral(" {\"a\": 1}")), QStringLiteral("JSON"));
    QCOMPARE(syntaxOf(QStringLiteral("<a/>")), QStringLiteral("XML"));
    QCOMPARE(syntaxOf(QStringLiteral("A=b")), QStringLiteral("INI Files"));
    QCOMPARE(syntaxOf(QStringLiteral("words")), QString());
}

void TestPreviews::findsTheMostSevereMark()
{
    Finding wide = findingAt(0x1000, 0x800);
    wide.severity = Severity::Low;
    const Finding narrow = findingAt(0x1400, 16);
    const Marks marks({made::shared(wide), made::shared(narrow)});
    QCOMPARE(marks.at(0x1405)->severity, Severity::High);
    QCOMPARE(marks.at(0x1500)->severity, Severity::Low);
    QVERIFY(!marks.at(0x1800));
}

void TestPreviews::countsWhatAnExportChanges()
{
    const Dump dump = made::dump();
    const PlaceMap places(std::make_shared<const Dump>(dump));
    std::vector<Finding> findings {made::finding("f1", Severity::High, 0x1000),
                                   made::finding("f2", Severity::High, 0x5000),
                                   made::finding("f3", Severity::Low, 0x1100, 2)};
    findings[1].notSought = NotSought::CommonWord;
    Triage triage;
    triage.decisions["f1"] = {Verdict::Redact, Reason::None, {}};
    triage.decisions["f3"] = {Verdict::Keep, Reason::TestData, {}};
    protocol::Planned plan;
    plan.edits = {{made::file(0x800, 0x200), Fill::Zero, "policy:vector-registers", "", ""},
                  {made::file(0x1000, 16), Fill::X, "rule-of-1", "f1", ""},
                  {made::file(0x5000, 16), Fill::X, "rule-of-1", "f2", ""}};
    plan.conflicts = {{made::file(0x10, 4), "f2", "structural bytes"},
                      {made::file(0x20, 4), "f3", "shared with f1, which is redacted"}};
    const ExportPreview preview = exportPreview(plan, findings, triage, {}, {}, places);
    QCOMPARE(preview.redacted, 2);
    QCOMPARE(preview.promised, 1);
    QCOMPARE(preview.undecided, 1);
    QCOMPARE(preview.bytes, 0x220ULL);
    QCOMPARE(preview.byRule.size(), std::size_t(2));
    QCOMPARE(preview.byRule[1].findings, 2);
    QCOMPARE(preview.byRule[1].bytes, 32ULL);
    QCOMPARE(preview.byPlace.size(), std::size_t(3));
    for (const ExportPreview::Share& place : preview.byPlace) {
        quint64 inRegions = 0;
        for (const ExportPreview::Share& region : place.parts)
            inRegions += region.bytes;
        QVERIFY(place.parts.empty() || inRegions == place.bytes);
    }
    QVERIFY(std::any_of(preview.byPlace.begin(), preview.byPlace.end(),
                        [](const auto& place) { return !place.parts.empty(); }));
    QCOMPARE(preview.kept.size(), std::size_t(1));
    QCOMPARE(preview.kept[0].places, 2);
    QCOMPARE(preview.conflicts.size(), std::size_t(2));
    QVERIFY(preview.conflicts[1].contains(QString::fromStdString(findings[0].title)));
    PlanPolicy kept;
    kept.values = kept.vectorRegisters = kept.randomSeed = false;
    kept.unknown = true;
    const auto more = exportPreview(plan, findings, triage, {Form::Whole, kept}, {}, places).stays;
    QCOMPARE(preview.stays.size(), std::size_t(3));
    QCOMPARE(more.size(), std::size_t(4));
    QVERIFY(more[1].contains(QStringLiteral("with their values")));
}

void TestPreviews::countsWhatAMinimisedCopyHolds()
{
    const Dump dump = made::dump();
    const std::vector<KeptRange> memory {{made::file(0, 0x100), "notes"},
                                         {made::file(0x5000, 0x800), "stack"},
                                         {made::file(0x6000, 0x800), "stack"}};
    const ExportPreview preview = exportPreview({}, {}, {}, {Form::Minimised, {}}, memory,
                                                PlaceMap(std::make_shared<const Dump>(dump)));
    QCOMPARE(preview.memory.size(), std::size_t(2));
    QCOMPARE(preview.memory[0].name, QStringLiteral("stacks"));
    QCOMPARE(preview.memory[0].ranges, 2);
    QCOMPARE(preview.memory[0].bytes, 0x1000ULL);
    // There is nothing unknown in such a copy.
    QCOMPARE(preview.stays.size(), std::size_t(2));
}

void TestPreviews::carriesDecisionsOverByEachPlace()
{
    const Finding whole = made::finding("f1", Severity::High, 0x1000, 3);
    Finding part = made::finding("f1", Severity::High, 0x1000, 1);
    part.id = "f7";
    part.occurrences = {whole.occurrences[2]};
    Finding other = part;
    other.id = "f1";
    other.rule = "another";
    Triage triage;
    triage.decisions["f1"] = {Verdict::Keep, Reason::TestData, "a note"};
    const Triage carried = carriedOver(triage, {&whole, 1}, std::vector {other, part});
    QCOMPARE(carried.decisions.size(), std::size_t(1));
    QCOMPARE(carried.decisionFor("f7"), triage.decisionFor("f1"));
}

void TestPreviews::measuresRateAndTimeLeft()
{
    ProgressMeter meter;
    QVERIFY(meter.add("scan", 0, 10000000, 0).secondsLeft < 0);
    JobProgress progress = meter.add("scan", 1000000, 10000000, 1000);
    QCOMPARE(progress.bytesPerSecond, 1e6);
    QCOMPARE(progress.secondsLeft, 9.0);
    progress = meter.add("propagate", 0, 10000000, 1100);
    QVERIFY(progress.bytesPerSecond == 0.0);
}

QTEST_GUILESS_MAIN(TestPreviews)
#include "tst_previews.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/certificate.h"
#include "scanner/redact/certificatecheck.h"

#include "scanner/io/digest.h"
#include "tests/redact/findings.h"
#include "tests/redact/planting.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

const std::string originalDigest(64, 'a');

struct Handed {
    PlantedFile copy {4096};
    RedactionPlan plan;
    Certificate certificate;

    Handed()
    {
        std::vector<Edit> edits {{range(100, 40), Fill::X, "some-token", "f1", ""},
                                 {range(200, 40), Fill::Token, "some-token", "f1", "CDR~bcdfgh"},
                                 {range(300, 16), Fill::Zero, "policy:random-seed", "", ""}};
        plan = *RedactionPlan::fromEdits(std::move(edits), 4096, {});
        copy.plant(100, QByteArray(40, 'X'));
        copy.plant(200, QByteArray("CDR~bcdfgh").repeated(4));
        copy.plant(300, QByteArray(16, '\0'));
        const std::vector<Finding> kept {finding("f2", {occurrence({range(500, 30)})}, "other-token")};
        VerificationReport verification;
        verification.checks = {{"everything", true, "4096 bytes"}};
        certificate = makeCertificate({"redacted.core",
                                       sha256(view(copy.bytes())),
                                       4096,
                                       4096,
                                       originalDigest,
                                       "sha256:rules",
                                       "redact",
                                       1,
                                       1,
                                       kept,
                                       &plan,
                                       &verification,
                                       {"The sandbox was not available."}});
    }

    VerificationReport check(const std::string& statement, const QByteArray& bytes) const
    {
        const auto claim = parseCertificate(statement);
        if (!claim)
            return {};
        return *checkCertificate(*claim, *Source::fromBytes(view(bytes)), JobControl());
    }
};

QJsonObject json(const std::string& text)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
}

} // namespace

class TestCertificate : public QObject {
    Q_OBJECT

private slots:
    void listsPlacesThatWereKept()
    {
        const auto claim = parseCertificate(Handed().certificate.statement);
        QVERIFY(claim.ok());
        QCOMPARE(claim->kept.size(), std::size_t(1));
        QCOMPARE(claim->kept[0].rule, std::string("other-token"));
        QVERIFY(claim->kept[0].occurrences[0].pieces[0].file == range(500, 30));
    }
    void countsRangesInTheUncompressedBytes()
    {
        // A file of 4096 bytes that was compressed to 100.
        QJsonObject statement = json(Handed().certificate.statement);
        QJsonObject predicate = statement["predicate"].toObject();
        predicate["size"] = "100";
        statement["predicate"] = predicate;
        const auto text = QJsonDocument(statement).toJson().toStdString();
        QVERIFY(parseCertificate(text).ok());
        predicate["uncompressedSize"] = "100";
        statement["predicate"] = predicate;
        QVERIFY(!parseCertificate(QJsonDocument(statement).toJson().toStdString()));
    }
    void isAStatementAboutTheCopy()
    {
        const QJsonObject statement = json(Handed().certificate.statement);
        QCOMPARE(statement["_type"].toString(), QString("https://in-toto.io/Statement/v1"));
        const QJsonArray subjects = statement["subject"].toArray();
        QCOMPARE(subjects.size(), 1);
        QCOMPARE(subjects[0].toObject()["name"].toString(), QString("redacted.core"));
        const QJsonObject predicate = statement["predicate"].toObject();
        QCOMPARE(predicate["promise"].toString(),
                 QString("no copy of this secret remains; unknown secrets may remain"));
        QCOMPARE(predicate["ranges"].toArray().size(), 3);
        QCOMPARE(predicate["ranges"].toArray()[0].toObject()["offset"].toString(), QString("100"));
        QVERIFY(predicate["limits"].toArray().contains("The sandbox was not available."));
        QVERIFY(predicate["verification"].toObject()["passed"].toBool());
    }

    void satisfiesItsOwnCheck()
    {
        const Handed handed;
        QVERIFY(handed.check(handed.certificate.statement, handed.copy.bytes()).passed());
    }

    /// F17: neither the digest of the original nor anything that it can be guessed from.
    void holdsNoDigestOfTheOriginal()
    {
        const Handed one;
        const Handed two;
        QVERIFY(one.certificate.statement.find(originalDigest) == std::string::npos);
        QVERIFY(one.certificate.privateRecord.find(originalDigest) != std::string::npos);
        const auto commitmentOf = [](const Handed& handed) {
            return json(handed.certificate.statement)["predicate"]
                .toObject()["inputCommitment"]
                .toObject()["value"]
                .toString();
        };
        QCOMPARE(commitmentOf(one).size(), 64);
        QVERIFY(commitmentOf(one) != commitmentOf(two)); // a fresh salt each time
        QVERIFY(*opensCommitment(one.certificate.statement, one.certificate.privateRecord,
                                 originalDigest));
        QVERIFY(!*opensCommitment(one.certificate.statement, one.certificate.privateRecord,
                                  std::string(64, 'b')));
        QVERIFY(!*opensCommitment(one.certificate.statement, two.certificate.privateRecord,
                                  originalDigest));
    }

    void failsWhenAByteOfTheCopyChanges()
    {
        const Handed handed;
        for (const qsizetype at : {0, 99, 100, 139, 205, 307, 4095}) {
            QByteArray bytes = handed.copy.bytes();
            bytes[at] = static_cast<char>(bytes[at] ^ 1);
            QVERIFY(!handed.check(handed.certificate.statement, bytes).passed());
        }
        QVERIFY(
            !handed.check(handed.certificate.statement, handed.copy.bytes().chopped(1)).passed());
        QVERIFY(!handed.check(handed.certificate.statement, handed.copy.bytes() + '.').passed());
    }

    void refusesWhatIsNoCertificate()
    {
        const std::string good = Handed().certificate.statement;
        const auto replaced = [&](const std::string& what, const std::string& with) {
            std::string text = good;
            const auto at = text.find(what);
            return at == std::string::npos ? std::string() : text.replace(at, what.size(), with);
        };
        for (const std::string& text :
             {std::string(), std::string("{}"), std::string("[1"), std::string(100000, '['),
              replaced("in-toto.io/Statement/v1", "in-toto.io/Statement/v2"),
              replaced("\"offset\": \"100\"", "\"offset\": \"101\""),
              replaced("\"offset\": \"100\"", "\"offset\": 100"),
              replaced("\"offset\": \"100\"", "\"offset\": \"-1\""),
              replaced("\"offset\": \"100\"", "\"offset\": \"18446744073709551615\""),
              replaced("\"length\": \"40\"", "\"length\": \"0\""),
              replaced("\"length\": \"40\"", "\"length\": \"4000\""),
              replaced("\"fill\": \"x\"", "\"fill\": \"none\""),
              replaced("\"fill\": \"x\"", "\"fill\": \"zero\""),
              replaced("\"token\": \"CDR~bcdfgh\"", "\"token\": \"\""),
              replaced("\"uncompressedSize\": \"4096\"", "\"uncompressedSize\": \"10\""),
              replaced("\"size\": \"4096\"", "\"size\": \"many\""),
              replaced("\"offset\": \"500\"", "\"offset\": 500"),
              replaced("\"length\": \"30\"", "\"length\": \"0\""),
              replaced("\"kept\": [", "\"kept\": {}, \"x\": ["),
              replaced("\"sha256\": \"", "\"sha256\": \"no"),
              replaced("\"ranges\": [", "\"ranges\": {}, \"x\": [")}) {
            const auto claim = parseCertificate(text);
            QVERIFY(!claim);
            QVERIFY(claim.error().code == ErrorCode::Malformed);
        }
    }

    void listsAllThatAMinimisedCopyHolds()
    {
        const Handed handed;
        const std::vector<KeptRange> ranges {{range(0, 64), "notes"}, {range(100, 500), "stack"}};
        VerificationReport verification;
        verification.checks = {{"everything", true, ""}};
        CertificateInput input;
        input.copySha256 = sha256(view(handed.copy.bytes()));
        input.copySize = input.plainSize = 4096;
        input.originalSha256 = originalDigest;
        input.mode = "minimise";
        input.plan = &handed.plan;
        input.verification = &verification;
        input.ranges = ranges;
        const QByteArray good = QByteArray::fromStdString(makeCertificate(input).statement);
        const auto claim = parseCertificate(good.toStdString());
        QVERIFY(claim.ok());
        QVERIFY(claim->ranges == ranges);
        QCOMPARE(claim->promise,
                 std::string(
                     "only stacks, selected registers, modules and loader data were kept"));
        // None, none that is a range, and two that overlap.
        for (const auto& [from, to] : {std::pair {"\"keptRanges\"", "\"otherRanges\""},
                                       std::pair {"\"length\": \"500\"", "\"length\": \"0\""},
                                       std::pair {"\"length\": \"64\"", "\"length\": \"101\""}}) {
            QByteArray text = good;
            QVERIFY(text.contains(from));
            text.replace(from, to);
            const auto refused = parseCertificate(text.toStdString());
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::Malformed);
        }
    }

    /// Any byte of the certificate's digest, size or ranges that changes is noticed.
    void survivesEveryDamagedByte()
    {
        const Handed handed;
        const std::string& good = handed.certificate.statement;
        for (std::size_t at = 0; at < good.size(); at += 3) {
            std::string text = good;
            text[at] = static_cast<char>(text[at] ^ 0x15);
            (void)handed.check(text, handed.copy.bytes());
        }
    }

    void catchesEditedPartsOfTheStatement_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        const auto row = [](const char* name, const char* from, const char* to) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to);
        };
        row("the promise", "unknown secrets may remain", "nothing remains");
        row("the number of secrets", "\"secretsRedacted\": \"1\"", "\"secretsRedacted\": \"9\"");
        row("the mode", "\"mode\": \"redact\"", "\"mode\": \"minimise\"");
        row("the filled bytes", "\"bytesFilled\": \"96\"", "\"bytesFilled\": \"9600\"");
        row("a range's begin", "\"offset\": \"100\"", "\"offset\": \"101\"");
        row("a range's length", "\"length\": \"40\"", "\"length\": \"39\"");
        row("a range's fill", "\"fill\": \"x\"", "\"fill\": \"a5\"");
        row("a range's reason", "\"reason\": \"policy:random-seed\"", "\"reason\": \"some-token\"");
        row("a token", "CDR~bcdfgh", "CDR~bcdfgg");
        row("the plan's digest", "\"planDigest\": \"sha256:", "\"planDigest\": \"sha256:0");
    }
    void catchesEditedPartsOfTheStatement()
    {
        QFETCH(const QByteArray, from);
        QFETCH(const QByteArray, to);
        QByteArray statement = QByteArray::fromStdString(Handed().certificate.statement);
        QVERIFY(parseCertificate(statement.toStdString()));
        // In the list of ranges and what stands above, not in the sums that come between.
        const qsizetype at = from.startsWith("\"length") || from.startsWith("\"reason")
            ? statement.indexOf(from, statement.indexOf("\"ranges\": ["))
            : statement.indexOf(from);
        QVERIFY(at >= 0);
        statement.replace(at, from.size(), to);
        QVERIFY(!parseCertificate(statement.toStdString()));
    }

    void catchesAnotherDigestOfTheCopy()
    {
        const Handed handed;
        QByteArray statement = QByteArray::fromStdString(handed.certificate.statement);
        const QByteArray digest = QByteArray::fromStdString(sha256(view(handed.copy.bytes())));
        QByteArray other = digest;
        other[3] = other[3] == '0' ? '1' : '0';
        statement.replace(digest, other);
        QVERIFY(!handed.check(statement.toStdString(), handed.copy.bytes()).passed());
    }

    void saysTheSamePromiseEverywhere()
    {
        QCOMPARE(promise("redact", 3),
                 std::string("no copy of these 3 secrets remains; unknown secrets may remain"));
        QCOMPARE(promise("redact", 1),
                 std::string("no copy of this secret remains; unknown secrets may remain"));
        QVERIFY(promise("redact", 0).starts_with("no secret was found"));
        QVERIFY(promise("minimise", 0).starts_with("only stacks"));
    }
};

QTEST_GUILESS_MAIN(TestCertificate)
#include "tst_certificate.moc"

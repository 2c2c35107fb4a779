// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/client/processlook.h"
#include "tests/client/smallcore.h"
#include "tests/client/workplace.h"

#include "scanner/io/containers.h"

#include <QtTest>

#include <csignal>

#include <fcntl.h>
#include <sys/stat.h>

using namespace coredact;
using namespace coredact::protocol;
using namespace coredact::test;

namespace {

const QByteArray password = QByteArray("correct-horse-") + "battery-staple";
/// What a rule of the default set finds.
const QByteArray accessKey = QByteArray("AK") + "IAQ3XZ7NLMT2VWPKD5";

QByteArray memoryWith(const QByteArray& secret, int size = 1 << 20)
{
    QByteArray memory = noise(size);
    memory.replace(5000, secret.size() + 2, '\0' + secret + '\0');
    memory.replace(700000, secret.size() + 2, '\0' + secret + '\0');
    return memory;
}

/// An engine that has opened and scanned, with what it found.
struct ScannedEngine {
    OpenedEngine engine;
    Scanned scanned;
};

Result<ScannedEngine> scannedEngine(const std::string& path, const LoadRules* rules = nullptr)
{
    auto engine = openedEngine(path);
    if (!engine)
        return engine.error();
    if (rules)
        if (const auto loaded = engine->client->call(*rules); !loaded)
            return loaded.error();
    auto scanned = engine->client->call(Scan {1, {password.toStdString()}, false});
    if (!scanned)
        return scanned.error();
    return ScannedEngine {std::move(*engine), std::get<Scanned>(std::move(*scanned))};
}

Result<HandedOver> handOverOf(const ScannedEngine& from, const HandOver& options,
                              const Client::Handler& progress = {},
                              const std::function<bool()>& stop = {})
{
    return handOver(*from.engine.client, from.engine.file, from.scanned.findings, options, progress,
                    stop);
}

} // namespace

/// The whole way from a scanned dump to a copy with a certificate, through two engines.
class TestHandOver : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_place = std::make_unique<Workplace>();
        m_descriptors = openDescriptors();
        m_place->write("core", smallCore(memoryWith(password)));
    }
    void cleanup()
    {
        QVERIFY(noChildIsLeft());
        QCOMPARE(openDescriptors(), m_descriptors);
        m_place.reset();
    }

    void handsOnAVerifiedCopy()
    {
        const auto from = scannedEngine(m_place->path("core"));
        QVERIFY2(from.ok(), why(from));
        HandOver options;
        options.target = m_place->path("copy");
        options.privateRecord = m_place->path("private");
        QStringList stages;
        const auto done = handOverOf(*from, options, [&](const Event& event) {
            if (const auto* made = std::get_if<ProgressMade>(&event))
                stages.append(QString::fromStdString(made->stage));
        });
        QVERIFY2(done.ok(), why(done));
        for (const Violation& violation : done->verification.violations)
            qWarning("%s: %s", violation.check.c_str(), violation.message.c_str());
        QVERIFY(done->published);
        QVERIFY(done->verification.passed());
        QVERIFY(stages.contains(QStringLiteral("export")));
        QCOMPARE(m_place->names(),
                 QStringList({QStringLiteral("copy"), QStringLiteral("copy.coredact.json"),
                              QStringLiteral("core"), QStringLiteral("private")}));
        const QByteArray original = m_place->read("core");
        const QByteArray copy = m_place->read("copy");
        QCOMPARE(copy.size(), original.size());
        QVERIFY(!copy.contains(password));
        QByteArray expected = original;
        for (const Edit& edit : done->exported.edits)
            for (std::uint64_t at = edit.range.first(); at <= edit.range.last(); ++at)
                expected[static_cast<qsizetype>(at)] = copy[static_cast<qsizetype>(at)];
        QCOMPARE(copy, expected);
        struct stat status = {};
        QCOMPARE(stat(options.target.c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777U, 0600U);
        const QByteArray certificate = m_place->read("copy.coredact.json");
        const QByteArray digest
            = QCryptographicHash::hash(copy, QCryptographicHash::Sha256).toHex();
        QVERIFY(certificate.contains(digest));
        QVERIFY(!certificate.contains(
            QCryptographicHash::hash(original, QCryptographicHash::Sha256).toHex()));
        QVERIFY(!certificate.contains(password));
    }

    /// A possible password that is a word of the text is filled where its name stands; the copy
    /// says that its other places were left.
    void handsOnACopyWithACommonWord()
    {
        constexpr int others = 300;
        QByteArray text = "\n{\"password\": \"walrus\"}\n";
        for (int i = 0; i < others; ++i)
            text += "the walrus number " + QByteArray::number(i) + " sleeps\n";
        QByteArray memory = noise(1 << 20);
        memory.replace(5000, text.size() + 1, text + '\0');
        m_place->write("core", smallCore(memory));
        const LoadRules rules;
        const auto from = scannedEngine(m_place->path("core"), &rules);
        QVERIFY2(from.ok(), why(from));
        HandOver options;
        options.target = m_place->path("copy");
        const auto done = handOverOf(*from, options);
        QVERIFY2(done.ok(), why(done));
        QVERIFY(done->published);
        QVERIFY(done->verification.passed());
        const QByteArray copy = m_place->read("copy");
        QVERIFY(std::any_of(from->scanned.findings.begin(), from->scanned.findings.end(),
                            [](const Finding& one) { return one.rule == "json-password"; }));
        QVERIFY(!copy.contains("\"walrus\""));
        QCOMPARE(copy.count("the walrus number"), qsizetype(others));
        const QByteArray certificate = m_place->read("copy.coredact.json");
        QVERIFY(certificate.contains("a word that the dump is full of"));
        QVERIFY(!certificate.contains("walrus"));
        QVERIFY(certificate.contains("no secret was found that had to go"));
        QVERIFY(certificate.contains("\"secretsRedacted\": \"0\""));
    }

    void handsOnACompressedCopy_data()
    {
        QTest::addColumn<QString>("container");
        for (const char* name : {"zstd", "gzip", "xz", "lz4"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void handsOnACompressedCopy()
    {
        QFETCH(QString, container);
        const std::vector<std::string> chain = {container.toStdString()};
        compressed("core", "core.packed", chain);
        const auto from = scannedEngine(m_place->path("core.packed"));
        QVERIFY2(from.ok(), why(from));
        QVERIFY(from->engine.opened.containers == chain);
        QCOMPARE(from->engine.opened.dump.size,
                 static_cast<std::uint64_t>(m_place->read("core").size()));
        HandOver options;
        options.target = m_place->path("copy.packed");
        const auto done = handOverOf(*from, options);
        QVERIFY2(done.ok(), why(done));
        QVERIFY(done->published);
        const QByteArray packed = m_place->read("copy.packed");
        QVERIFY(
            m_place->read("copy.packed.coredact.json")
                .contains(QCryptographicHash::hash(packed, QCryptographicHash::Sha256).toHex()));
        const auto again = openedEngine(options.target);
        QVERIFY2(again.ok(), why(again));
        QVERIFY(again->opened.containers == chain);
        QCOMPARE(again->opened.dump.size, from->engine.opened.dump.size);
        const auto found = again->client->call(
            Search {{password.begin(), password.end()}, false, false, 0, false});
        QVERIFY2(found.ok(), why(found));
        QVERIFY(!std::get<SearchHit>(*found).range);
    }

    void keepsWhatIsKept()
    {
        const auto from = scannedEngine(m_place->path("core"));
        QVERIFY2(from.ok(), why(from));
        HandOver options;
        options.target = m_place->path("copy");
        for (const Finding& finding : from->scanned.findings)
            options.triage.decisions[finding.id] = {Verdict::Keep, Reason::TestData, ""};
        const auto done = handOverOf(*from, options);
        QVERIFY2(done.ok(), why(done));
        QVERIFY(done->published);
        QVERIFY(m_place->read("copy").contains(password));
    }

    void writesNothingWhenVerificationFails()
    {
        // The scan knows one rule that finds nothing; verification knows them all.
        m_place->write("core", smallCore(memoryWith("key=" + accessKey)));
        const LoadRules one {
            {{"one.toml", "[[rules]]\nid = \"nothing\"\nregex = '''zqzqzq[0-9]{9}'''\n"}},
            {false, {}, {}}};
        const auto from = scannedEngine(m_place->path("core"), &one);
        QVERIFY2(from.ok(), why(from));
        HandOver options;
        options.target = m_place->path("copy");
        options.privateRecord = m_place->path("private");
        const auto done = handOverOf(*from, options);
        QVERIFY2(done.ok(), why(done));
        QVERIFY(!done->published);
        QVERIFY(!done->verification.passed());
        QCOMPARE(m_place->names(), QStringList {QStringLiteral("core")});
    }

    /// A rule that sees a secret only where a fill stands before it.
    void fillsWhatAFillMakesASecret()
    {
        const QByteArray second = QByteArray("second-") + "4k7w";
        QByteArray memory = noise(1 << 20);
        const QByteArray text = '\0' + password + ' ' + second + '\0';
        memory.replace(5000, text.size(), text);
        m_place->write("core", smallCore(memory));
        const RuleFile beside {"beside.toml",
                               "[[rules]]\nid = \"beside-a-fill\"\nregex = '''XXXXXXXX "
                               "(second-[a-z0-9]{4})'''\n"};
        const LoadRules rules {{{beside.name, beside.text}}, {}};
        const auto from = scannedEngine(m_place->path("core"), &rules);
        QVERIFY2(from.ok(), why(from));
        HandOver options;
        options.ruleFiles = {beside};
        options.target = m_place->path("copy");
        const auto done = handOverOf(*from, options);
        QVERIFY2(done.ok(), why(done));
        QVERIFY(done->verification.passed());
        QVERIFY(done->published);
        QVERIFY(!m_place->read("copy").contains(second));
        QVERIFY(std::any_of(done->exported.edits.begin(), done->exported.edits.end(),
                            [](const Edit& edit) { return edit.reason == foundInCopy; }));
        QCOMPARE(m_place->names().size(), 3); // the core, the copy and its certificate
    }

    void refusesExistingNamesAndTheOriginal()
    {
        const auto from = scannedEngine(m_place->path("core"));
        QVERIFY2(from.ok(), why(from));
        const QByteArray original = m_place->read("core");
        m_place->write("there", "precious");
        QCOMPARE(link(m_place->path("core").c_str(), m_place->path("hard").c_str()), 0);
        QCOMPARE(symlink(m_place->path("core").c_str(), m_place->path("soft").c_str()), 0);
        QCOMPARE(symlink("nowhere", m_place->path("dangling").c_str()), 0);
        const QStringList before = m_place->names();
        for (const char* name : {"there", "core", "hard", "soft", "dangling"}) {
            HandOver options;
            options.target = m_place->path(name);
            options.certificate = m_place->path("certificate");
            const auto asCopy = handOverOf(*from, options);
            QVERIFY2(!asCopy && asCopy.error().code == ErrorCode::Refused, name);
            options.certificate = options.target;
            options.target = m_place->path("copy");
            const auto asCertificate = handOverOf(*from, options);
            QVERIFY2(!asCertificate && asCertificate.error().code == ErrorCode::Refused, name);
            options.privateRecord = options.certificate;
            options.certificate = m_place->path("certificate");
            const auto asRecord = handOverOf(*from, options);
            QVERIFY2(!asRecord && asRecord.error().code == ErrorCode::Refused, name);
        }
        QCOMPARE(m_place->names(), before);
        QCOMPARE(m_place->read("core"), original);
        QCOMPARE(m_place->read("there"), QByteArray("precious"));
    }

    void takesBackTheCertificateWhenTheCopyGetsNoName()
    {
        const auto from = scannedEngine(m_place->path("core"));
        QVERIFY2(from.ok(), why(from));
        HandOver options;
        options.target = m_place->path("copy");
        // Somebody takes the name while the copy is being verified.
        const auto done = handOverOf(*from, options, [&](const Event& event) {
            const auto* made = std::get_if<ProgressMade>(&event);
            if (made && made->stage.starts_with("verify"))
                m_place->write("copy", "somebody else's");
        });
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::Refused);
        QCOMPARE(m_place->names(), QStringList({QStringLiteral("copy"), QStringLiteral("core")}));
        QCOMPARE(m_place->read("copy"), QByteArray("somebody else's"));
    }

    void leavesNothingWhenTheEngineIsKilled()
    {
        m_place->write("core", smallCore(memoryWith(password, 64 << 20)));
        const auto from = scannedEngine(m_place->path("core"));
        QVERIFY2(from.ok(), why(from));
        HandOver options;
        options.target = m_place->path("copy");
        const auto done = handOverOf(*from, options, [&](const Event& event) {
            const auto* made = std::get_if<ProgressMade>(&event);
            if (made && made->stage == "export")
                kill(from->engine.client->processId(), SIGKILL);
        });
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::Sandbox);
        QVERIFY(done.error().message.find("killed by signal 9") != std::string::npos);
        QCOMPARE(m_place->names(), QStringList {QStringLiteral("core")});
        QVERIFY(!from->engine.client->alive());

        const auto again = scannedEngine(m_place->path("core"));
        QVERIFY2(again.ok(), why(again));
        const auto second = handOverOf(*again, options);
        QVERIFY2(second.ok(), why(second));
        QVERIFY(second->published);
    }

    void leavesNothingWhenCancelled()
    {
        const auto from = scannedEngine(m_place->path("core"));
        QVERIFY2(from.ok(), why(from));
        HandOver options;
        options.target = m_place->path("copy");
        const auto done = handOverOf(*from, options, {}, [] { return true; });
        if (!done)
            QCOMPARE(done.error().code, ErrorCode::Cancelled);
        QCOMPARE(m_place->names().contains(QStringLiteral("copy")), done.ok());
        QVERIFY(from->engine.client->alive());
    }

    void noticesAnOriginalThatChanged()
    {
        const auto from = scannedEngine(m_place->path("core"));
        QVERIFY2(from.ok(), why(from));
        m_place->write("core", smallCore(memoryWith(password + password)));
        HandOver options;
        options.target = m_place->path("copy");
        const auto done = handOverOf(*from, options);
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::Changed);
        QCOMPARE(m_place->names(), QStringList {QStringLiteral("core")});
    }

private:
    void compressed(const char* from, const char* to, const std::vector<std::string>& chain)
    {
        auto file = openDump(m_place->path(from));
        const Descriptor target(
            open(m_place->path(to).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        QVERIFY(file.ok() && target);
        const auto source = Source::fromDescriptor(std::move(file->descriptor));
        QVERIFY(source.ok());
        QVERIFY(compress(*source, chain, target.number(), JobControl()).ok());
    }

    std::unique_ptr<Workplace> m_place;
    std::size_t m_descriptors = 0;
};

QTEST_GUILESS_MAIN(TestHandOver)
#include "tst_handover.moc"

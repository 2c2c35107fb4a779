// SPDX-License-Identifier: GPL-3.0-or-later
#include "openwindow.h"
#include "plantedcore.h"

#include "app/desktop/dumppage.h"
#include "models/texts.h"
#include "scanner/redact/needles.h"
#include "widgets/compare/compareview.h"
#include "widgets/export/exportdialog.h"
#include "widgets/export/planpage.h"
#include "widgets/inspector/inspector.h"

#include <QClipboard>
#include <QLineEdit>
#include <QMimeData>
#include <QProcess>
#include <QPushButton>
#include <QTimer>
#include <QToolBar>

#include <algorithm>
#include <optional>

#include <sys/resource.h>

using namespace coredact;
using namespace coredact::test;

namespace {

/// Where a desktop program may write without being told to.
struct Surroundings {
    QTemporaryDir base;

    QString folder(const char* name) const { return base.filePath(QLatin1String(name)); }
    void enter() const
    {
        const std::pair<const char*, const char*> all[] = {
            {"HOME", "home"},
            {"TMPDIR", "tmp"},
            {"XDG_CONFIG_HOME", "home/.config"},
            {"XDG_DATA_HOME", "home/.local/share"},
            {"XDG_CACHE_HOME", "home/.cache"},
            {"XDG_STATE_HOME", "home/.local/state"},
            {"XDG_RUNTIME_DIR", "runtime"},
        };
        for (const auto& [variable, name] : all) {
            QDir().mkpath(folder(name));
            qputenv(variable, QFile::encodeName(folder(name)));
        }
        QFile::setPermissions(folder("runtime"),
                              QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
};

const Surroundings& surroundings()
{
    static const Surroundings all;
    return all;
}

/// Eight bytes or more of the values, in every encoding that the verification of a copy knows.
Needles needlesOf(const QList<QByteArray>& secrets)
{
    std::vector<SecretValue> values;
    for (const QByteArray& secret : secrets)
        values.push_back({ValueForm::Text, SecretBytes(secret.begin(), secret.end()), {}});
    return Needles(values);
}

bool holds(const QByteArray& bytes, const Needles& needles)
{
    const QByteArray padded = bytes + QByteArray(Needles::longest, '\0');
    const auto* begin = reinterpret_cast<const std::uint8_t*>(padded.constData());
    const auto size = static_cast<std::size_t>(bytes.size());
    std::vector<std::uint32_t> positions;
    needles.candidates(begin, 0, size, positions);
    return std::any_of(positions.begin(), positions.end(), [&](std::uint32_t position) {
        return needles.at(ByteView(begin, size), position).has_value();
    });
}

/// The files below the folders in which something of the secrets stands, apart from `original`.
QStringList leaksIn(const QStringList& folders, const Needles& needles, const QString& original)
{
    QStringList leaks;
    for (const QString& folder : folders) {
        QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::System,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            QFile file(path);
            if (path == original || !QFileInfo(path).isFile() || !file.open(QFile::ReadOnly))
                continue;
            if (holds(file.readAll(), needles) || holds(QFile::encodeName(path), needles))
                leaks << path;
        }
    }
    return leaks;
}

QStringList everywhere() { return {surroundings().base.path(), QStringLiteral("/dev/shm")}; }

} // namespace

class TestHygiene : public QObject {
    Q_OBJECT

public:
    static void initMain()
    {
        surroundings().enter();
        Settings::keepQtQuiet();
    }

private slots:
    void findsWhatIsPlanted();
    void leavesNothingOfASecretBehind();
    void leavesNoCoreOfItself();

private:
    static void copyTheRevealed(OpenWindow& open, const QByteArray& secret);
    static void searchForIt(OpenWindow& open, const QByteArray& secret);
    static void exportAndCompare(OpenWindow& open, const QString& target);
};

void TestHygiene::findsWhatIsPlanted()
{
    // The search itself: a file with a piece in an encoding is found, by content and by name.
    const QByteArray secret = githubToken();
    const Needles needles = needlesOf({secret});
    QTemporaryDir folder;
    const QByteArray piece = secret.mid(10, 26); // some eight of which are no word
    const QByteArray planted[]
        = {piece, piece.toHex(), piece.toBase64(), QByteArray(QByteArray("x\0", 2)) + piece};
    int number = 0;
    for (const QByteArray& bytes : planted) {
        QFile file(folder.filePath(QString::number(++number)));
        QVERIFY(file.open(QFile::WriteOnly) && file.write("before " + bytes + " after") > 0);
        file.close();
        QCOMPARE(leaksIn({folder.path()}, needles, {}).size(), number);
    }
    QVERIFY(leaksIn({QStringLiteral(COREDACT_SOURCE_DIR "/translations")}, needles, {}).isEmpty());
}

void TestHygiene::copyTheRevealed(OpenWindow& open, const QByteArray& secret)
{
    open.window.activateWindow();
    QTRY_VERIFY_WITH_TIMEOUT(open.window.isActiveWindow(), 60000);
    HexView& hex = open.part<DumpPage>().hex();
    const QClipboard* clipboard = QGuiApplication::clipboard();
    const FindingPtr finding = open.part<FindingsPanel>().current();
    QVERIFY(finding);
    hex.select(finding->occurrences.front().pieces.front().file);
    hex.copy(CopyAs::Text);
    QTRY_VERIFY_WITH_TIMEOUT(!clipboard->text().isEmpty(), 60000);
    QVERIFY2(!clipboard->text().contains(QString::fromLatin1(secret.mid(8, 8))),
             "what is masked is copied masked");
    open.key(Qt::Key_V);
    QVERIFY(hex.revealed());
    hex.copy(CopyAs::Text);
    QTRY_VERIFY_WITH_TIMEOUT(clipboard->text().contains(QString::fromLatin1(secret.mid(8, 8))),
                             60000);
    QCOMPARE(clipboard->mimeData()->data(QStringLiteral("x-kde-passwordManagerHint")),
             QByteArray("secret"));
    hex.copy(CopyAs::Hex);
    QTRY_VERIFY_WITH_TIMEOUT(clipboard->text().contains(QLatin1Char(' ')), 60000);
    open.key(Qt::Key_V);
    QTest::mouseDClick(hex.viewport(), Qt::LeftButton, {}, QPoint(260, 40));
    QVERIFY(!clipboard->supportsSelection() || clipboard->text(QClipboard::Selection).isEmpty());
}

void TestHygiene::searchForIt(OpenWindow& open, const QByteArray& secret)
{
    auto* field = open.window.findChild<QToolBar*>()->findChild<QLineEdit*>();
    for (const QString& typed :
         {QString::fromLatin1(secret), QStringLiteral("hex:") + QString::fromLatin1(secret.toHex()),
          QStringLiteral("re:") + QString::fromLatin1(secret.left(20)) + QStringLiteral(".*")}) {
        field->setText(typed);
        field->selectAll();
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(!open.document().searching(), 60000);
    }
    field->clear();
}

void TestHygiene::exportAndCompare(OpenWindow& open, const QString& target)
{
    QTimer::singleShot(0, [&target] {
        auto* dialog = qobject_cast<ExportDialog*>(QApplication::activeModalWidget());
        QVERIFY(dialog);
        auto* plan = dialog->findChild<PlanPage*>();
        plan->findChild<QLineEdit*>()->setText(target);
        const auto button = [dialog](const char* text) {
            for (QPushButton* each : dialog->findChildren<QPushButton*>()) {
                if (each->text() == QLatin1String(text))
                    return each;
            }
            qFatal("a button is missing");
        };
        QTRY_VERIFY_WITH_TIMEOUT(button("Export and verify")->isEnabled(), 60000);
        button("Export and verify")->click();
        QTRY_COMPARE_WITH_TIMEOUT(dialog->stage(), ExportDialog::Stage::Outcome, 60000);
        button("Compare with the original")->click();
    });
    open.window.actions().exportCopy->trigger();
    QVERIFY(QFile::exists(target));
    auto& view = open.part<CompareView>();
    QTRY_VERIFY_WITH_TIMEOUT(view.currentChange() >= 0, 30000);
    view.stepChange(1);
    view.copy().copy(CopyAs::Text);
}

void TestHygiene::leavesNothingOfASecretBehind()
{
    const PlantedCore core;
    QVERIFY2(core.path.startsWith(surroundings().base.path()), "the original is searched around");
    const QList<QByteArray> secrets {core.first, core.second};
    const Needles needles = needlesOf(secrets);
    {
        OpenWindow open;
        open.window.open(core.path);
        QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 60000);
        open.part<FindingsPanel>().select(
            Texts::fromUtf8(open.findings().findingAt(open.tokenRows().front())->id));
        const bool one
            = open.findings().findingAt(open.tokenRows().front())->occurrences.size() == 2;
        const QByteArray& shown = one ? core.first : core.second;
        copyTheRevealed(open, shown);
        open.key(Qt::Key_R);
        open.key(Qt::Key_N);
        open.key(Qt::Key_U);
        open.key(Qt::Key_Z, Qt::ControlModifier);
        open.key(Qt::Key_B, Qt::ControlModifier);
        searchForIt(open, core.first);
        exportAndCompare(open, core.folder.filePath(QStringLiteral("copy.core")));
        open.document().restart();
        QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 60000);
        // Copied once more, so that there is something to clear at the end.
        open.part<FindingsPanel>().select(
            Texts::fromUtf8(open.findings().findingAt(open.tokenRows().front())->id));
        copyTheRevealed(open, shown);
        open.window.close();
    }
    QVERIFY(QGuiApplication::clipboard()->text().isEmpty());
    QCOMPARE(leaksIn(everywhere(), needles, core.path), QStringList());
    // The names of dumps belong into sessions alone.
    QCOMPARE(filesHolding(surroundings().folder("home/.config"), {"core.planted"}), QStringList());
    QCOMPARE(filesHolding(surroundings().folder("home/.cache"), {"core.planted"}), QStringList());
}

void TestHygiene::leavesNoCoreOfItself()
{
    const PlantedCore core;
    QTemporaryDir here;
    QProcess program;
    program.setWorkingDirectory(here.path());
    program.setChildProcessModifier([] {
        const rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
        setrlimit(RLIMIT_CORE, &all);
    });
    const QString sessions = surroundings().folder("home/.local/share");
    QDir(sessions).removeRecursively();
    program.start(QStringLiteral(COREDACT_BINARY_DIR "/bin/coredact"), {core.path});
    QTRY_VERIFY_WITH_TIMEOUT(!filesHolding(sessions, {"SQLite"}).isEmpty(), 60000);
    // Not SIGSEGV, which sanitizers catch.
    kill(static_cast<pid_t>(program.processId()), SIGABRT);
    QVERIFY(program.waitForFinished(20000));
    QCOMPARE(program.exitStatus(), QProcess::CrashExit);
    QVERIFY(QDir(here.path()).isEmpty());
    QCOMPARE(leaksIn(everywhere(), needlesOf({core.first, core.second}), core.path), QStringList());
}

QTEST_MAIN(TestHygiene)
#include "tst_hygiene.moc"

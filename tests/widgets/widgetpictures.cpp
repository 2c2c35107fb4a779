// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the widgets over made-up bytes and saves them as PNG: widgetpictures FOLDER
#include "tests/widgets/dumps.h"
#include "widgets/hexview/hexview.h"
#include "widgets/memorymap/mapstrip.h"
#include "widgets/memorymap/regiontable.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/looks.h"
#include "widgets/theme/pills.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QMainWindow>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QRandomGenerator>
#include <QStatusBar>
#include <QTabWidget>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

using namespace coredact;
using namespace coredact::testing;

namespace {

constexpr std::uint64_t base = 0x7f28c4a00000;

Dump process()
{
    Dump dump
        = dumpOf(0x500000,
                 {segment(0x55d01c000000, 0x1000, 0x40000, RegionKind::File, "/usr/sbin/nginx"),
                  segment(0x55d05e3f1000, 0x50000, 0x90000, RegionKind::Heap, "[heap]"),
                  segment(base, 0x100000, 0x200000, RegionKind::Heap, "[heap]"),
                  segment(0x7f28c4e00000, 0x300000, 0x100000, RegionKind::Anonymous),
                  segment(0x7ffe30c00000, 0x400000, 0x42000, RegionKind::Stack, "[stack]")});
    dump.regions
        = {region(0x55d01c000000, 0x40000, 0x40000, RegionKind::File, "/usr/sbin/nginx"),
           region(0x55d05e3f1000, 0x90000, 0x90000, RegionKind::Heap, "[heap]"),
           region(base, 0x200000, 0x200000, RegionKind::Heap, "[heap]"),
           region(0x7f28c4c00000, 0x150000, 0, RegionKind::File, "/usr/lib/libcrypto.so.3"),
           region(0x7f28c4e00000, 0x100000, 0x100000, RegionKind::Anonymous, ""),
           region(0x7f28c5000000, 0x90000, 0, RegionKind::File, "/usr/lib/libc.so.6"),
           region(0x7ffe30c00000, 0x42000, 0x42000, RegionKind::Stack, "[stack]")};
    for (std::uint64_t id = 0; id < 3; ++id) {
        Thread thread;
        thread.id = 2231 + id;
        thread.pc = 0x7f28c4c26ef3;
        thread.sp = 0x7ffe30c01000 + id * 0x12000;
        if (id == 0)
            thread.signal = 11;
        dump.threads.push_back(thread);
    }
    return dump;
}

std::vector<std::uint8_t> bytes()
{
    std::vector<std::uint8_t> made(0x500000);
    QRandomGenerator random(7);
    constexpr std::array<std::uint8_t, 12> usual {0,    0,    0,    0x7f, 0x28, 0xc4,
                                                  0x10, 0x20, 0xff, 0x01, 0x41, 0x6c};
    for (std::uint8_t& byte : made)
        byte = usual[static_cast<std::size_t>(random.bounded(int(usual.size())))];
    const QByteArray header("Authorization: Bearer ey"
                            "JhbGciOi");
    std::copy(header.begin(), header.end(), made.begin() + 0x31e2e0);
    return made;
}

HexMark mark(std::uint64_t offset, std::uint64_t size, Severity severity, Verdict verdict,
             std::uint32_t finding)
{
    return {*FileRange::make(offset, size), finding, severity, verdict, true, true};
}

std::vector<HexMark> marks()
{
    return {mark(0x31e240, 0x80, Severity::Critical, Verdict::Pending, 0),
            mark(0x31e2f6, 0x2a, Severity::High, Verdict::Pending, 1),
            mark(0x31e348, 0x14, Severity::Medium, Verdict::Redact, 2),
            mark(0x31e372, 0x12, Severity::Low, Verdict::Keep, 3),
            mark(0x11000, 0x40, Severity::High, Verdict::Pending, 1),
            mark(0x420000, 0x40, Severity::Medium, Verdict::Pending, 4)};
}

/// A row of chips and verdicts.
class Pills : public QWidget {
public:
    Pills() { setFixedHeight(80); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Tokens& tokens = currentTokens();
        QPainter painter(this);
        painter.fillRect(rect(), tokens.panel);
        int x = 12;
        const auto add = [&](const Pill& pill, int y) {
            const QSize size = pillSize(pill, font());
            paintPill(painter, QRectF(QPointF(x, y), size), pill, font());
            x += size.width() + 6;
        };
        add(filterPill(QStringLiteral("undecided 6"), true, tokens), 8);
        add(filterPill(QStringLiteral("critical 3"), false, tokens), 8);
        add(verdictPill(QStringLiteral("undecided"), Verdict::Pending, tokens, tokens.panel), 8);
        add(verdictPill(QStringLiteral("redact"), Verdict::Redact, tokens, tokens.panel), 8);
        add(verdictPill(QStringLiteral("keep"), Verdict::Keep, tokens, tokens.panel), 8);
        add(keyPill(QStringLiteral("R"), tokens.text), 8);
        for (int i = 0; i < severityCount; ++i)
            paintSeverity(painter, static_cast<Severity>(i), QRectF(14 + i * 24, 50, 12, 12));
        const QStringList icons = QDir(QStringLiteral(":/coredact/icons")).entryList();
        for (int i = 0; i < icons.size(); ++i)
            lineIcon(icons[i].chopped(4)).paint(&painter, 150 + i * 24, 48, 16, 16);
    }
};

struct Stage {
    Stage()
        : served(bytes())
    {
        const Dump dump = process();
        hex = new HexView;
        hex->setLayoutOfBytes(std::make_shared<const ByteLayout>(ByteLayout::memoryOrder(dump)));
        hex->setBytes(&served.cache());
        hex->setMarks(marks());
        map = new MemoryMapStrip;
        map->setDump(dump);
        std::vector<MapTick> ticks;
        for (const HexMark& one : marks()) {
            for (const Segment& part : dump.segments) {
                if (part.file.contains(one.file.first()))
                    ticks.push_back(
                        {{part.memory.first() + one.file.first() - part.file.first(), 0},
                         one.finding,
                         one.severity,
                         one.verdict});
            }
        }
        map->setTicks(ticks);
        table = new RegionTable;
        auto rows = regionRows(dump);
        rows[2].places = {7, 3, 1, 0, 12};
        rows[1].places = {0, 2, 0, 4, 0};
        rows[6].places = {0, 0, 1, 0, 0};
        table->setRows(rows);
        buildWindow();
    }

    void buildWindow()
    {
        auto* tools = window.addToolBar(QStringLiteral("tools"));
        tools->setMovable(false);
        tools->addAction(QStringLiteral("Open…"));
        tools->addAction(QStringLiteral("Scan again"));
        tools->addAction(lineIcon(QStringLiteral("undo")), QStringLiteral("Undo"));
        auto* search = new QLineEdit;
        search->setPlaceholderText(QStringLiteral("Search text, hex, regex, number"));
        tools->addWidget(search);
        auto* primary = new QPushButton(QStringLiteral("Export redacted copy…"));
        primary->setProperty("primary", true);
        tools->addWidget(primary);
        auto* choice = new QComboBox;
        choice->addItem(QStringLiteral("false positive"));
        tools->addWidget(choice);
        auto* page = new QWidget;
        auto* column = new QVBoxLayout(page);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        column->addWidget(map);
        column->addWidget(hex, 1);
        tabs = new QTabWidget;
        tabs->setDocumentMode(true);
        tabs->addTab(page, QStringLiteral("core.nginx.2231"));
        tabs->addTab(table, QStringLiteral("Regions"));
        auto* all = new QWidget;
        auto* rows = new QVBoxLayout(all);
        rows->setContentsMargins(0, 0, 0, 0);
        rows->addWidget(new Pills);
        rows->addWidget(tabs, 1);
        window.setCentralWidget(all);
        auto* bar = new QProgressBar;
        bar->setValue(64);
        bar->setTextVisible(false);
        bar->setFixedSize(150, 6);
        window.statusBar()->addWidget(bar);
        window.statusBar()->showMessage({});
        window.resize(1000, 900);
    }

    void save(const QString& path)
    {
        window.show();
        tabs->setCurrentIndex(0);
        QApplication::processEvents();
        hex->goToOffset(0x31e200);
        hex->goToOffset(0x31e25b);
        map->setLens(std::pair(MapPlace {base + 0x100000, 0}, MapPlace {base + 0x19e000, 0}));
        hex->setFocus();
        for (int i = 0; i < 3; ++i) {
            window.grab();
            served.answer();
        }
        QApplication::processEvents();
        window.grab().save(path);
        hex->setZoom(120);
        hex->goToOffset(0x2ffff0);
        hex->goToOffset(0x300000);
        for (int i = 0; i < 3; ++i) {
            window.grab();
            served.answer();
        }
        window.grab().save(
            QString(path).replace(QStringLiteral(".png"), QStringLiteral("-gap.png")));
        hex->setZoom(100);
        tabs->setCurrentIndex(1);
        table->showAddress(base);
        QApplication::processEvents();
        window.grab().save(
            QString(path).replace(QStringLiteral(".png"), QStringLiteral("-table.png")));
    }

    ServedBytes served;
    QMainWindow window;
    QTabWidget* tabs = nullptr;
    HexView* hex = nullptr;
    MemoryMapStrip* map = nullptr;
    RegionTable* table = nullptr;
};

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    if (argc < 2) {
        qCritical("usage: widgetpictures FOLDER");
        return 2;
    }
    Theme theme(application, Appearance::Light);
    Stage stage;
    for (const Appearance appearance :
         {Appearance::Light, Appearance::Dark, Appearance::HighContrastLight,
          Appearance::HighContrastDark}) {
        theme.setAppearance(appearance);
        stage.save(QStringLiteral("%1/widgets-%2.png")
                       .arg(QString::fromLocal8Bit(argv[1]), toSetting(appearance)));
    }
    return 0;
}

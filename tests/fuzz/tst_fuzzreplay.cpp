// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/targets.h"
#include "tests/support/sampledumps.h"

#include <QDir>
#include <QTest>

#include <random>

using namespace coredact;
using namespace coredact::test;

namespace {

constexpr std::uint64_t Interesting[] {0,      1,          0xff,       0xffff,
                                       0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
                                       0x7fffffffffffffff, 0x8000000000000000,
                                       0xffffffffffffffff};

} // namespace

class TestFuzzReplay : public QObject {
    Q_OBJECT
private slots:
    void keptFilesDoNoHarm();
    void numbersOfAllSizesDoNoHarmAnywhere();
    void hugeHolesDoNoHarm();
    void writesSeedsWhenAsked();
};

void TestFuzzReplay::keptFilesDoNoHarm()
{
    const QDir folder(QStringLiteral(COREDACT_SOURCE_DIR "/tests/fuzz/regress"));
    for (const QString& name : folder.entryList(QDir::Files)) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        const ByteView input(reinterpret_cast<const std::uint8_t*>(bytes.constData()),
                             static_cast<std::size_t>(bytes.size()));
        fuzzDump(input);
        fuzzElfCore(input);
        fuzzMinidump(input);
        fuzzContainers(input);
    }
}

void TestFuzzReplay::numbersOfAllSizesDoNoHarmAnywhere()
{
    std::mt19937 random(9);
    for (const GoodFile& good : goodFiles()) {
        if (good.bytes.empty())
            continue;
        for (int round = 0; round < 3000; ++round) {
            auto bytes = good.bytes;
            for (auto count = 1 + random() % 3; count != 0; --count) {
                const std::uint64_t value = Interesting[random() % std::size(Interesting)];
                const std::size_t size = std::size_t {1} << random() % 4;
                const std::size_t at = random() % bytes.size() / size * size;
                for (std::size_t i = 0; i < size && at + i < bytes.size(); ++i)
                    bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
            }
            fuzzDump(bytes);
        }
    }
}

void TestFuzzReplay::hugeHolesDoNoHarm()
{
    std::mt19937 random(10);
    for (const GoodFile& good : goodFiles()) {
        for (int round = 0; round < 100 && !good.bytes.empty(); ++round) {
            auto bytes = good.bytes;
            bytes[random() % std::min<std::size_t>(bytes.size(), 600)] = 0xff;
            for (const char letter : std::string_view("HOLE"))
                bytes.push_back(static_cast<std::uint8_t>(letter));
            bytes.push_back(40);
            fuzzDump(bytes);
        }
    }
}

void TestFuzzReplay::writesSeedsWhenAsked()
{
    const QString folder = qEnvironmentVariable("COREDACT_SEEDS");
    if (folder.isEmpty())
        return;
    int number = 0;
    for (const GoodFile& good : goodFiles()) {
        QFile file(QDir(folder).filePath(QStringLiteral("seed%1").arg(++number)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(reinterpret_cast<const char*>(good.bytes.data()),
                   static_cast<qint64>(good.bytes.size()));
    }
}

QTEST_GUILESS_MAIN(TestFuzzReplay)
#include "tst_fuzzreplay.moc"

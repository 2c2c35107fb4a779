// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/targets.h"

#include <QDir>
#include <QTest>

#include <algorithm>
#include <random>

using namespace coredact;
using namespace coredact::test;

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint64_t Interesting[] {0,      1,          0xff,       0xffff,
                                       0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
                                       0x7fffffffffffffff, 0x8000000000000000,
                                       0xffffffffffffffff};

/// Up to three numbers of 1 to 8 bytes replaced by ones that overflow, wrap or end something.
Bytes damaged(Bytes bytes, std::mt19937& random)
{
    for (auto count = 1 + random() % 3; count != 0; --count) {
        const std::uint64_t value = Interesting[random() % std::size(Interesting)];
        const std::size_t size = std::size_t {1} << random() % 4;
        const std::size_t at = random() % bytes.size() / size * size;
        for (std::size_t i = 0; i < size && at + i < bytes.size(); ++i)
            bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
    return bytes;
}

/// How often each seed is damaged: what takes long is left to the long runs of `make fuzz`.
int rounds(const FuzzTarget& target)
{
    if (target.name == "scan" || target.name == "redaction")
        return 5;
    if (target.name == "plan" || target.name == "session")
        return 30;
    return target.name == "dump" ? 3000 : 300;
}

QDir keptFolder() { return QDir(QStringLiteral(COREDACT_SOURCE_DIR "/tests/fuzz/regress")); }

QStringList keptFiles() { return keptFolder().entryList(QDir::Files); }

} // namespace

class TestFuzzReplay : public QObject {
    Q_OBJECT
private slots:
    void keptFilesAreNamedAfterTheirTargets();
    void keptFilesDoNoHarm_data();
    void keptFilesDoNoHarm();
    void seedsKeepTheirPromises_data() { everyTarget(); }
    void seedsKeepTheirPromises();
    void numbersOfAllSizesDoNoHarmAnywhere_data() { everyTarget(); }
    void numbersOfAllSizesDoNoHarmAnywhere();
    void hugeHolesDoNoHarm();

private:
    static void everyTarget();
};

void TestFuzzReplay::everyTarget()
{
    QTest::addColumn<std::size_t>("index");
    for (std::size_t i = 0; i < fuzzTargets().size(); ++i)
        QTest::newRow(std::string(fuzzTargets()[i].name).c_str()) << i;
}

/// A clone without them would replay nothing and pass.
void TestFuzzReplay::keptFilesAreNamedAfterTheirTargets()
{
    QVERIFY(!keptFiles().isEmpty());
    for (const QString& name : keptFiles()) {
        const std::string target = name.section(QLatin1Char('-'), 0, 0).toStdString();
        const auto known = fuzzTargets();
        QVERIFY2(std::any_of(known.begin(), known.end(),
                             [&](const FuzzTarget& one) { return one.name == target; }),
                 qPrintable(name));
    }
}

void TestFuzzReplay::keptFilesDoNoHarm_data()
{
    QTest::addColumn<QString>("name");
    for (const QString& name : keptFiles())
        QTest::newRow(qPrintable(name)) << name;
}

/// Each file through every target: what harms one reader may harm another.
void TestFuzzReplay::keptFilesDoNoHarm()
{
    QFETCH(const QString, name);
    QFile file(keptFolder().filePath(name));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    for (const FuzzTarget& target : fuzzTargets())
        target.run({reinterpret_cast<const std::uint8_t*>(bytes.constData()),
                    static_cast<std::size_t>(bytes.size())});
}

void TestFuzzReplay::seedsKeepTheirPromises()
{
    QFETCH(const std::size_t, index);
    const FuzzTarget& target = fuzzTargets()[index];
    const std::vector<Bytes> seeds = target.seeds();
    QVERIFY(!seeds.empty());
    target.run({});
    for (const Bytes& seed : seeds)
        target.run(seed);
}

void TestFuzzReplay::numbersOfAllSizesDoNoHarmAnywhere()
{
    QFETCH(const std::size_t, index);
    const FuzzTarget& target = fuzzTargets()[index];
    std::mt19937 random(9);
    for (const Bytes& seed : target.seeds())
        for (int round = 0; round < rounds(target); ++round)
            target.run(damaged(seed, random));
}

void TestFuzzReplay::hugeHolesDoNoHarm()
{
    std::mt19937 random(10);
    for (const FuzzTarget& target : fuzzTargets()) {
        if (target.name != "dump")
            continue;
        for (const Bytes& seed : target.seeds()) {
            for (int round = 0; round < 100; ++round) {
                Bytes bytes = seed;
                bytes[random() % std::min<std::size_t>(bytes.size(), 600)] = 0xff;
                for (const char letter : std::string_view("HOLE"))
                    bytes.push_back(static_cast<std::uint8_t>(letter));
                bytes.push_back(40);
                target.run(bytes);
            }
        }
    }
}

QTEST_GUILESS_MAIN(TestFuzzReplay)
#include "tst_fuzzreplay.moc"

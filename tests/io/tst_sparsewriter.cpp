// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/sparsewriter.h"
#include "tests/support/memoryfile.h"

#include <QTest>

#include <random>

using namespace coredact;
using namespace coredact::test;

class TestSparseWriter : public QObject {
    Q_OBJECT
private slots:
    void writesTheSameBytesHoweverTheyArrive();
    void leavesHoles();
};

void TestSparseWriter::writesTheSameBytesHoweverTheyArrive()
{
    std::mt19937 random(8);
    for (int round = 0; round < 50; ++round) {
        std::vector<std::uint8_t> bytes;
        const Descriptor file = memoryFile();
        SparseWriter writer(file.number());
        for (int part = 0; part < 20; ++part) {
            std::vector<std::uint8_t> more(random() % 9000, 0);
            if (random() % 2 == 0 && !more.empty())
                more[random() % more.size()] = 1;
            QVERIFY(writer.write(more).ok());
            bytes.insert(bytes.end(), more.begin(), more.end());
        }
        QVERIFY(writer.finish().ok());
        QCOMPARE(writer.size(), std::uint64_t {bytes.size()});
        QVERIFY(contents(file.number()) == bytes);
    }
}

void TestSparseWriter::leavesHoles()
{
    const Descriptor file = memoryFile();
    SparseWriter writer(file.number());
    std::vector<std::uint8_t> bytes(8U << 20, 0);
    bytes[4U << 20] = 1;
    QVERIFY(writer.write(ByteView(bytes).first(1000)).ok());
    QVERIFY(writer.write(ByteView(bytes).subspan(1000)).ok());
    QVERIFY(writer.finish().ok());
    QCOMPARE(storedBytes(file.number()), std::uint64_t {4096});
}

QTEST_GUILESS_MAIN(TestSparseWriter)
#include "tst_sparsewriter.moc"

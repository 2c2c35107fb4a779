// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/gaps.h"

#include "tests/redact/planting.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

using Ranges = std::vector<FileRange>;

class TestGaps : public QObject {
    Q_OBJECT

private slots:
    void lieBetweenParts()
    {
        QCOMPARE(gapsBetween({}, 10), (Ranges {range(0, 10)}));
        QCOMPARE(gapsBetween({range(2, 3), range(5, 1)}, 10), (Ranges {range(0, 2), range(6, 4)}));
        QCOMPARE(gapsBetween({range(0, 1), range(9, 1)}, 10), (Ranges {range(1, 8)}));
        QVERIFY(gapsBetween({}, 0).empty());
        QVERIFY(gapsBetween({range(0, 10)}, 10).empty());
    }

    void endWithTheFile()
    {
        QCOMPARE(gapsBetween({range(2, 20)}, 10), (Ranges {range(0, 2)}));
        QCOMPARE(gapsBetween({range(10, 1)}, 10), (Ranges {range(0, 10)}));
        QCOMPARE(gapsBetween({range(12, 3), range(20, 1)}, 10), (Ranges {range(0, 10)}));
    }
};

QTEST_APPLESS_MAIN(TestGaps)
#include "tst_gaps.moc"

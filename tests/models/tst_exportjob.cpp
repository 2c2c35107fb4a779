// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeengine.h"
#include "made.h"
#include "models/exportjob.h"

#include <QTest>

using namespace coredact;

class TestExportJob : public QObject {
    Q_OBJECT

private slots:
    void startsAnewAfterACancel();
};

/// The wish to end the first export is none to end the second.
void TestExportJob::startsAnewAfterACancel()
{
    const auto engine = std::make_shared<FakeEngine>(made::dump(), std::vector<std::uint8_t>());
    const auto findings = std::make_shared<const std::vector<Finding>>();
    ExportJob job;
    engine->holdExports(true);
    job.start(engine, findings, {});
    job.cancel();
    QTRY_VERIFY(!job.running());
    QCOMPARE(job.outcome()->error().code, ErrorCode::Cancelled);
    engine->holdExports(false);
    job.start(engine, findings, {});
    QTRY_VERIFY(!job.running());
    QCOMPARE(job.outcome()->error().code, ErrorCode::Sandbox); // what this engine says to all
}

QTEST_GUILESS_MAIN(TestExportJob)
#include "tst_exportjob.moc"

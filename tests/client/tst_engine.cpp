// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/client/processlook.h"
#include "tests/client/smallcore.h"
#include "tests/client/workplace.h"

#include <QtTest>

#include <chrono>
#include <csignal>
#include <future>

using namespace coredact;
using namespace coredact::protocol;
using namespace coredact::test;

namespace {

constexpr int largeSize = 96 << 20; ///< enough to be looked at while it is scanned

/// A scan that has begun and says so, with its end to wait for. May end before the scan does.
class RunningScan {
public:
    explicit RunningScan(Client& client)
        : m_ended(m_state->end.get_future())
    {
        m_id = client.send(Scan {1, {}, false}, {}, [state = m_state](const Event& event) {
            if (const auto* made = std::get_if<ProgressMade>(&event))
                state->begun = state->begun || made->stage == "scan";
            if (isLast(event))
                state->end.set_value(event);
        });
    }
    bool begun() const { return m_state->begun; }
    bool over() const
    {
        return m_ended.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    }
    Client::RequestId id() const { return m_id; }
    Event end() { return m_ended.get(); }

private:
    struct State {
        std::promise<Event> end;
        std::atomic<bool> begun = false;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
    std::future<Event> m_ended;
    Client::RequestId m_id = 0;
};

} // namespace

/// The engine program itself, through the client.
class TestEngine : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_place.write("core", smallCore(noise(1 << 20)));
        m_place.write("large", smallCore(noise(largeSize)));
    }
    void init() { m_descriptors = openDescriptors(); }
    void cleanup()
    {
        QCOMPARE(openDescriptors(), m_descriptors);
        QVERIFY(noChildIsLeft());
    }

    void answersBeforeADumpIsOpen()
    {
        QElapsedTimer timer;
        timer.start();
        const auto client = Client::start();
        QVERIFY2(client.ok(), why(client));
        const auto answer = (*client)->call(Read {0, 1});
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::Usage);
        qInfo("from the start of an engine to its first answer: %lld ms",
              static_cast<long long>(timer.elapsed()));
    }

    void itsSandboxHolds()
    {
        const auto client = Client::start();
        QVERIFY2(client.ok(), why(client));
        const auto answer = (*client)->call(SandboxCheck {});
        QVERIFY2(answer.ok(), why(answer));
        const auto& checks = std::get<SandboxChecked>(*answer).checks;
        QVERIFY(checks.size() >= 10);
        for (const Check& check : checks)
            QVERIFY2(check.passed, check.name.c_str());
    }

    void opensADumpAndReadsItsBytes()
    {
        const auto engine = openedEngine(m_place.path("core"));
        QVERIFY2(engine.ok(), why(engine));
        const Dump& dump = engine->opened.dump;
        QCOMPARE(QString::fromStdString(dump.format), QStringLiteral("elf-core"));
        QCOMPARE(dump.segments.size(), std::size_t {1});
        QCOMPARE(dump.segments[0].memory.first(), 0x10000U);
        QVERIFY(!dump.contentType.empty());
        const QByteArray core = m_place.read("core");
        QCOMPARE(dump.size, static_cast<std::uint64_t>(core.size()));
        for (const std::uint64_t offset :
             {std::uint64_t {0}, std::uint64_t {5000}, dump.size - 10}) {
            const auto answer = engine->client->call(Read {offset, 4096});
            QVERIFY2(answer.ok(), why(answer));
            const auto& read = std::get<Bytes>(*answer);
            QCOMPARE(read.offset, offset);
            QCOMPARE(QByteArray(asText(read.bytes).data(), static_cast<int>(read.bytes.size())),
                     core.mid(static_cast<int>(offset), 4096));
        }
        const auto behind = engine->client->call(Read {dump.size + 5, 16});
        QVERIFY2(behind.ok(), why(behind));
        QVERIFY(std::get<Bytes>(*behind).bytes.empty());
    }

    void readsWhileAScanRuns()
    {
        const auto engine = openedEngine(m_place.path("large"));
        QVERIFY2(engine.ok(), why(engine));
        RunningScan scan(*engine->client);
        QTRY_VERIFY_WITH_TIMEOUT(scan.begun(), 600000);
        std::vector<qint64> times;
        for (std::uint64_t i = 0; i < 200 && !scan.over(); ++i) {
            QElapsedTimer timer;
            timer.start();
            QVERIFY(engine->client->call(Read {i * 300000, 65536}).ok());
            times.push_back(timer.nsecsElapsed() / 1000);
        }
        QVERIFY(times.size() > 10);
        std::sort(times.begin(), times.end());
        qInfo("reading 64 KiB while a scan runs: median %lld us, slowest %lld us of %zu",
              static_cast<long long>(times[times.size() / 2]), static_cast<long long>(times.back()),
              times.size());
        engine->client->cancel(scan.id());
        scan.end();
    }

    void saysThatTheFileChangedWhileItWasScanned()
    {
        m_place.write("growing", smallCore(noise(1 << 20)));
        const auto engine = openedEngine(m_place.path("growing"));
        QVERIFY2(engine.ok(), why(engine));
        const auto before = engine->client->call(Scan {1, {}, false});
        QVERIFY2(before.ok(), why(before));
        QVERIFY(std::get<Scanned>(*before).incomplete.empty());
        QFile file(QString::fromStdString(m_place.path("growing")));
        QVERIFY(file.open(QIODevice::Append));
        QCOMPARE(file.write(QByteArray(5000, 'x')), 5000);
        file.close();
        const auto after = engine->client->call(Scan {1, {}, false});
        QVERIFY2(after.ok(), why(after));
        const auto& incomplete = std::get<Scanned>(*after).incomplete;
        QCOMPARE(incomplete.size(), std::size_t {1});
        QCOMPARE(incomplete.front().offset, engine->opened.dump.size);
        QCOMPARE(incomplete.front().length, std::uint64_t {5000});
    }

    void stopsAScanWhenAsked()
    {
        const auto engine = openedEngine(m_place.path("large"));
        QVERIFY2(engine.ok(), why(engine));
        RunningScan scan(*engine->client);
        QTRY_VERIFY_WITH_TIMEOUT(scan.begun(), 600000);
        QElapsedTimer timer;
        timer.start();
        engine->client->cancel(scan.id());
        const Event event = scan.end();
        qInfo("a scan ends %lld ms after it was cancelled",
              static_cast<long long>(timer.elapsed()));
        const auto* failed = std::get_if<Failed>(&event);
        QVERIFY(failed && failed->error.code == ErrorCode::Cancelled);
        QVERIFY(engine->client->call(Read {0, 16}).ok());
    }

    void dropsAJobThatWaitsWhenAsked()
    {
        const auto engine = openedEngine(m_place.path("large"));
        QVERIFY2(engine.ok(), why(engine));
        RunningScan first(*engine->client);
        RunningScan second(*engine->client);
        QTRY_VERIFY_WITH_TIMEOUT(first.begun(), 600000);
        engine->client->cancel(second.id());
        engine->client->cancel(first.id());
        for (RunningScan* scan : {&first, &second}) {
            const Event event = scan->end();
            QVERIFY(std::holds_alternative<Failed>(event));
        }
        QVERIFY(!second.begun());
    }

    void killedDuringAScanItSaysSoAndANewOneWorks()
    {
        {
            const auto engine = openedEngine(m_place.path("large"));
            QVERIFY2(engine.ok(), why(engine));
            RunningScan scan(*engine->client);
            QTRY_VERIFY_WITH_TIMEOUT(scan.begun(), 600000);
            kill(engine->client->processId(), SIGKILL);
            const Event event = scan.end();
            const auto* failed = std::get_if<Failed>(&event);
            QVERIFY(failed);
            QCOMPARE(failed->error.code, ErrorCode::Sandbox);
            QVERIFY(failed->error.message.find("killed by signal 9") != std::string::npos);
            QVERIFY(!engine->client->alive());
            QVERIFY(!engine->client->call(Read {0, 16}));
        }
        QVERIFY(noChildIsLeft());
        const auto again = openedEngine(m_place.path("core"));
        QVERIFY2(again.ok(), why(again));
        QVERIFY(again->client->call(Scan {1, {}, false}).ok());
    }

    void refusesWhatComesInTheWrongOrder()
    {
        const auto engine = openedEngine(m_place.path("core"));
        QVERIFY2(engine.ok(), why(engine));
        const auto code = [&](const Request& request) {
            const auto answer = engine->client->call(request);
            return answer ? ErrorCode::System : answer.error().code;
        };
        QCOMPARE(code(MakePlan {}), ErrorCode::Usage);
        QCOMPARE(code(Export {}), ErrorCode::Usage);
        QVERIFY(engine->client->call(Scan {1, {}, true}).ok());
        QCOMPARE(code(Export {}), ErrorCode::Usage);
        QCOMPARE(code(Verify {}), ErrorCode::Usage);
        QCOMPARE(code(Open {}), ErrorCode::Usage);
    }

    void saysWhatItCannotOpen()
    {
        const auto client = Client::start();
        QVERIFY2(client.ok(), why(client));
        int pipes[2] = {-1, -1};
        QCOMPARE(pipe(pipes), 0);
        const Descriptor reading(pipes[0]);
        const Descriptor writing(pipes[1]);
        const int descriptors[] = {reading.number(), writing.number()};
        const auto answer = (*client)->call(Open {}, descriptors);
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::Unsupported);
    }

    void leavesWithItsFrontEnd()
    {
        auto engine = openedEngine(m_place.path("large"));
        QVERIFY2(engine.ok(), why(engine));
        RunningScan scan(*engine->client);
        QTRY_VERIFY_WITH_TIMEOUT(scan.begun(), 600000);
        engine->client.reset();
        QVERIFY(noChildIsLeft());
        const Event event = scan.end();
        QVERIFY(std::holds_alternative<Failed>(event));
    }

    void refusesToRunByHand()
    {
        QProcess byHand;
        byHand.start(QStringLiteral(COREDACT_BINARY_DIR "/bin/coredact-engine"), QStringList());
        QVERIFY(byHand.waitForFinished());
        QCOMPARE(byHand.exitCode(), 2);
        QVERIFY(byHand.readAllStandardError().contains("--sandbox-check"));
        QProcess check;
        check.start(QStringLiteral(COREDACT_BINARY_DIR "/bin/coredact-engine"),
                    {QStringLiteral("--sandbox-check")});
        QVERIFY(check.waitForFinished());
        QCOMPARE(check.exitCode(), 0);
        QVERIFY(check.readAllStandardOutput().contains("passed: opening a file is refused"));
    }

private:
    Workplace m_place;
    std::size_t m_descriptors = 0;
};

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"

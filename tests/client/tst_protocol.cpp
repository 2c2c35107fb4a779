// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/client/samplemessages.h"

#include "scanner/client/cbor.h"
#include "scanner/client/sound.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <ctime>
#include <set>

using namespace coredact;
using namespace coredact::protocol;

namespace {

/// Every message, encoded, with the function that decodes and encodes it again.
struct Sample {
    SecretBytes bytes;
    std::function<Result<SecretBytes>(ByteView)> again;
};

std::vector<Sample> samples()
{
    std::vector<Sample> all;
    const auto requestAgain = [](ByteView bytes) -> Result<SecretBytes> {
        auto decoded = decodeRequest(bytes);
        if (!decoded)
            return decoded.error();
        return encode(decoded->id, decoded->request);
    };
    const auto eventAgain = [](ByteView bytes) -> Result<SecretBytes> {
        auto decoded = decodeEvent(bytes);
        if (!decoded)
            return decoded.error();
        return encode(decoded->id, decoded->event);
    };
    for (const Request& request : sampleRequests())
        all.push_back({encode(300, request), requestAgain});
    for (const Event& event : sampleEvents())
        all.push_back({encode(70000, event), eventAgain});
    return all;
}

bool refusedEvent(const Event& event)
{
    return !decodeEvent(encode(1, event));
}

} // namespace

class TestProtocol : public QObject {
    Q_OBJECT

private slots:
    void hasASampleOfEveryKind()
    {
        std::set<std::size_t> requests;
        std::set<std::size_t> events;
        for (const Request& request : sampleRequests())
            requests.insert(request.index());
        for (const Event& event : sampleEvents())
            events.insert(event.index());
        QCOMPARE(requests.size(), std::variant_size_v<Request>);
        QCOMPARE(events.size(), std::variant_size_v<Event>);
    }

    void bringsEveryMessageOverUnchanged()
    {
        for (const Sample& sample : samples()) {
            const auto again = sample.again(sample.bytes);
            QVERIFY2(again.ok(), again.ok() ? "" : again.error().message.c_str());
            QVERIFY(*again == sample.bytes);
        }
    }

    void bringsTheValuesOver()
    {
        const auto requests = sampleRequests();
        const auto verify = decodeRequest(encode(5, requests[7]));
        QVERIFY(verify.ok());
        QCOMPARE(verify->id, 5U);
        const auto& asked = std::get<Verify>(verify->request);
        QVERIFY(asked.classes == std::get<Verify>(requests[7]).classes);
        QVERIFY(asked.left == std::get<Verify>(requests[7]).left);
        QVERIFY(asked.edits == sampleEdits());
        QVERIFY(asked.kept == std::vector<Finding> {sampleFinding()});
        QCOMPARE(asked.given, std::vector<std::string> {"given"});

        const auto opened = decodeEvent(encode(6, sampleEvents()[0]));
        QVERIFY(opened.ok());
        const auto& dump = std::get<Opened>(opened->event).dump;
        const Dump expected = sampleDump(3);
        QCOMPARE(dump.segments.size(), expected.segments.size());
        QCOMPARE(dump.segments[2].memory, expected.segments[2].memory);
        QCOMPARE(dump.segments[2].file, expected.segments[2].file);
        QCOMPARE(dump.segments[2].name, expected.segments[2].name);
        QCOMPARE(dump.regions[1].memory.last(), std::numeric_limits<std::uint64_t>::max());
        QCOMPARE(dump.process.name, expected.process.name);
        QCOMPARE(dump.process.faultAddress, expected.process.faultAddress);
        QCOMPARE(dump.threads[0].registers[1].value, 2U);
        QVERIFY(dump.diagnostics == expected.diagnostics);
    }

    void isCborForEverybodyElse()
    {
        for (const Sample& sample : samples()) {
            const auto json = nlohmann::json::from_cbor(sample.bytes.begin(), sample.bytes.end(),
                                                        true, false);
            QVERIFY(json.is_array());
            QCOMPARE(json.size(), std::size_t {4});
        }
    }

    void refusesEveryTruncation()
    {
        for (const Sample& sample : samples())
            for (std::size_t size = 0; size < sample.bytes.size(); ++size)
                QVERIFY(!sample.again(ByteView(sample.bytes).first(size)));
    }

    void refusesWhatFollowsAMessage()
    {
        for (Sample& sample : samples()) {
            sample.bytes.push_back(0);
            QVERIFY(!sample.again(sample.bytes));
        }
    }

    void survivesEveryFlippedBit()
    {
        for (Sample& sample : samples()) {
            for (std::size_t bit = 0; bit < sample.bytes.size() * 8; ++bit) {
                sample.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
                // An error or a message that holds together: one that can be sent again.
                if (const auto again = sample.again(sample.bytes); again)
                    QVERIFY(sample.again(*again).ok());
                sample.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
            }
        }
    }

    void survivesEveryReplacedByte()
    {
        for (Sample& sample : samples()) {
            for (std::uint8_t& byte : sample.bytes) {
                const std::uint8_t was = byte;
                for (const int other : {0x00, 0x1b, 0x5b, 0x7f, 0x9b, 0x9f, 0xbf, 0xff}) {
                    byte = static_cast<std::uint8_t>(other);
                    if (const auto again = sample.again(sample.bytes); again)
                        QVERIFY(sample.again(*again).ok());
                }
                byte = was;
            }
        }
    }

    void refusesListsThatCannotBeThere()
    {
        CborWriter out;
        out.list(std::uint64_t {1} << 60);
        const SecretBytes bytes = out.take();
        CborReader in(bytes);
        QCOMPARE(in.list(), 0U);
        QVERIFY(!in.ok());
    }

    void boundsTheItemsOfAMessage()
    {
        // Lists in lists, each shorter than the rest of the message, but too many together.
        CborWriter out;
        const std::uint64_t half = CborReader::maximumItems / 2 + 1;
        out.list(half);
        out.list(half);
        SecretBytes bytes = out.take();
        bytes.resize(half + 16);
        CborReader in(bytes);
        QCOMPARE(in.list(), half);
        QCOMPARE(in.list(), 0U);
        QVERIFY(!in.ok());
    }

    void takesMillionsOfPlaces()
    {
        constexpr std::uint64_t places = 5'000'000;
        CborWriter out;
        out.list(places);
        for (std::uint64_t i = 0; i < places; ++i) {
            out.list(3); // encoding, region, pieces
            out.bytes({});
            out.bytes({});
            out.list(1);
            out.list(2); // file, address
            out.list(2);
            out.number(i);
            out.number(1);
            out.null();
        }
        const SecretBytes bytes = out.take();
        CborReader in(bytes);
        QCOMPARE(in.list(), places);
        for (std::uint64_t i = 0; i < places; ++i) {
            in.list();
            in.bytes();
            in.bytes();
            in.list();
            in.list();
            in.list();
            in.number();
            in.number();
            in.takeNull();
        }
        QVERIFY(in.atEnd());
    }

    void refusesValuesThatContradictThemselves()
    {
        Dump past = sampleDump(1);
        past.size = 0x1800;
        QVERIFY(refusedEvent(Opened {past, {}, 0, {}}));
        Dump uneven = sampleDump(1);
        uneven.segments[0].memory = *AddressRange::make(0, 5);
        QVERIFY(refusedEvent(Opened {uneven, {}, 0, {}}));
        Dump unsorted = sampleDump(1);
        std::swap(unsorted.regions[0], unsorted.regions[1]);
        QVERIFY(refusedEvent(Opened {unsorted, {}, 0, {}}));
        Dump overlapping = sampleDump(1);
        overlapping.structure = {fileRange(0, 10), fileRange(9, 10)};
        QVERIFY(refusedEvent(Opened {overlapping, {}, 0, {}}));
        Dump odd = sampleDump(1);
        odd.wordSize = 5;
        QVERIFY(refusedEvent(Opened {odd, {}, 0, {}}));
        const Dump whole = sampleDump(3);
        QVERIFY(!refusedEvent(Opened {whole, {}, 0, {}, {{fileRange(0, 4), "stack"}}}));
        QVERIFY(refusedEvent(Opened {whole, {}, 0, {}, {{fileRange(0, whole.size + 1), "stack"}}}));
        QVERIFY(refusedEvent(
            Opened {whole, {}, 0, {}, {{fileRange(2, 4), "stack"}, {fileRange(0, 3), "notes"}}}));
        Finding nowhere = sampleFinding();
        nowhere.occurrences.clear();
        QVERIFY(refusedEvent(FindingSeen {nowhere}));
        Finding empty = sampleFinding();
        empty.occurrences[0].pieces.clear();
        QVERIFY(refusedEvent(FindingSeen {empty}));
        QVERIFY(refusedEvent(Bytes {0, SecretBytes(maximumRead + 1)}));
        auto edits = sampleEdits();
        std::swap(edits[0], edits[1]);
        QVERIFY(refusedEvent(Planned {edits, {}, ""}));
        QVERIFY(!decodeRequest(encode(1, Read {0, maximumRead + 1})));
        QVERIFY(!decodeRequest(encode(1, Search {{}, false, false, 0, false})));
    }

    void knowsPlacesOutsideTheFile()
    {
        for (const Event& event : sampleEvents())
            QVERIFY(inside(event, 0x1000));
        QVERIFY(!inside(FindingSeen {sampleFinding()}, 0x90f));
        QVERIFY(inside(FindingSeen {sampleFinding()}, 0x910));
        QVERIFY(!inside(SearchHit {fileRange(3, 4)}, 6));
        QVERIFY(inside(SearchHit {fileRange(3, 4)}, 7));
        QVERIFY(!inside(Planned {sampleEdits(), {}, ""}, 0x608));
    }

    void sendsADumpOfManySegmentsInLittleTime()
    {
        const Event opened = Opened {sampleDump(131072), {}, 0, {}};
        QElapsedTimer timer;
        timer.start();
        const std::clock_t before = std::clock(); // what others compute meanwhile does not count
        const SecretBytes bytes = encode(1, opened);
        const qint64 encoded = timer.restart();
        const auto again = decodeEvent(bytes);
        const qint64 decoded = timer.elapsed();
        const std::clock_t spent = std::clock() - before;
        QVERIFY(again.ok());
        QCOMPARE(std::get<Opened>(again->event).dump.segments.size(), std::size_t {131072});
        qInfo("131072 segments: %zu bytes, encoded in %lld ms, decoded in %lld ms", bytes.size(),
              static_cast<long long>(encoded), static_cast<long long>(decoded));
        // Far below, also with a sanitizer; in the square of their number it would be minutes.
        QVERIFY(spent / CLOCKS_PER_SEC < 20);
    }
};

QTEST_APPLESS_MAIN(TestProtocol)
#include "tst_protocol.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/base/securebuffer.h"

#include <QTest>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

using namespace coredact;

namespace {

/// The VmFlags of the mapping that holds an address, from /proc/self/smaps.
std::string flagsOf(const void* address)
{
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    std::ifstream maps("/proc/self/smaps");
    bool inside = false;
    for (std::string line; std::getline(maps, line);) {
        std::istringstream head(line);
        std::uintptr_t first = 0;
        std::uintptr_t end = 0;
        char dash = 0;
        if (head >> std::hex >> first >> dash >> end && dash == '-')
            inside = first <= wanted && wanted < end;
        if (inside && line.rfind("VmFlags:", 0) == 0)
            return line;
    }
    return {};
}

} // namespace

class TestSecureBuffer : public QObject {
    Q_OBJECT
private slots:
    void beginsAsZeros();
    void isLeftOutOfCoreDumps();
    void wipesOnRequest();
    void movesWithoutCopying();
    void wipesGivenMemory();
};

void TestSecureBuffer::beginsAsZeros()
{
    const SecureBuffer buffer(100'000);
    QCOMPARE(buffer.size(), std::size_t {100'000});
    const ByteView bytes = buffer.bytes();
    QVERIFY(std::all_of(bytes.begin(), bytes.end(), [](auto byte) { return byte == 0; }));
    QVERIFY(SecureBuffer().bytes().empty());
    QVERIFY(SecureBuffer(0).bytes().empty());
}

void TestSecureBuffer::isLeftOutOfCoreDumps()
{
    const SecureBuffer buffer(1U << 20);
    QVERIFY(flagsOf(buffer.data()).find(" dd") != std::string::npos);
}

void TestSecureBuffer::wipesOnRequest()
{
    SecureBuffer buffer(5000);
    std::fill(buffer.bytes().begin(), buffer.bytes().end(), std::uint8_t {7});
    buffer.wipe();
    const auto bytes = buffer.bytes();
    QVERIFY(std::all_of(bytes.begin(), bytes.end(), [](auto byte) { return byte == 0; }));
}

void TestSecureBuffer::movesWithoutCopying()
{
    SecureBuffer first(100);
    first.data()[5] = 9;
    const std::uint8_t* where = first.data();
    SecureBuffer second(std::move(first));
    QCOMPARE(second.data(), where);
    QCOMPARE(second.data()[5], std::uint8_t {9});
    SecureBuffer third;
    third = std::move(second);
    QCOMPARE(third.data(), where);
}

void TestSecureBuffer::wipesGivenMemory()
{
    std::vector<std::uint8_t> memory(64, 3);
    wipe(memory);
    QVERIFY(std::all_of(memory.begin(), memory.end(), [](auto byte) { return byte == 0; }));
}

QTEST_GUILESS_MAIN(TestSecureBuffer)
#include "tst_securebuffer.moc"

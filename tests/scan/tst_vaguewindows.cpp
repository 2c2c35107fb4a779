// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/vaguewindows.h"

#include "scanner/scan/propagatepublic.h"
#include "tests/scan/copylook.h"

#include <QtTest>

#include <numeric>
#include <random>

using namespace coredact;
using namespace coredact::test;

namespace {

constexpr WindowGrid grid {5, 4};

/// Bytes of which many are zeros, as in numbers that were filled up.
SecretBytes sparseBytes(std::mt19937& dice, std::size_t size)
{
    SecretBytes bytes(size);
    const unsigned share = 1 + dice() % 8;
    for (std::uint8_t& byte : bytes)
        byte = dice() % 8 < share ? 0 : static_cast<std::uint8_t>(dice() % 3 == 0 ? dice() : 1);
    return bytes;
}

SecretForm rawForm(const SecretBytes& bytes)
{
    auto plain = std::make_shared<PlainValue>();
    plain->bytes = bytes;
    plain->isPublic.resize(bytes.size());
    SecretForm form;
    form.encoding = "raw";
    form.bytes = bytes;
    form.origin.resize(bytes.size());
    std::iota(form.origin.begin(), form.origin.end(), Origin {0});
    form.plain = plain;
    return form;
}

/// The value in words of eight bytes, the last byte first, zeros filling up the first word. All of
/// these write the first byte.
SecretForm swappedForm(const SecretBytes& bytes)
{
    SecretForm form = rawForm(bytes);
    const std::size_t padding = (8 - bytes.size() % 8) % 8;
    form.bytes.clear();
    form.origin.clear();
    for (std::size_t i = 0; i < bytes.size() + padding; ++i) {
        const std::size_t from = i / 8 * 8 + 7 - i % 8;
        form.bytes.push_back(from < padding ? std::uint8_t(0) : bytes[from - padding]);
        form.origin.push_back(static_cast<Origin>(from < padding ? 0 : from - padding));
    }
    return form;
}

/// All windows but those of one repeated byte.
std::vector<bool> allWindows(const SecretForm& form)
{
    std::vector<bool> taken(form.bytes.size());
    for (std::size_t at = 0; at + grid.size <= taken.size(); ++at)
        taken[at] = std::any_of(form.bytes.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                                form.bytes.begin() + static_cast<std::ptrdiff_t>(at + grid.size),
                                [&](std::uint8_t byte) { return byte != form.bytes[at]; });
    return taken;
}

bool anyAt(const std::vector<bool>& taken, std::size_t begin, std::size_t end,
           std::size_t alignment)
{
    for (std::size_t at = begin; at + grid.size <= end; ++at)
        if (at % grid.step == alignment && taken[at])
            return true;
    return false;
}

/// Whether a fragment tells by eight bytes of the value in a row, or may by its length.
bool mayCount(const SecretForm& form, std::size_t begin, std::size_t end)
{
    SecretBytes plain;
    for (std::size_t i = begin; i < end; ++i)
        if (i == begin || form.origin[i] != form.origin[i - 1])
            plain.push_back(form.plain->bytes[form.origin[i]]);
    for (std::size_t at = 0; at + 8 <= plain.size(); ++at)
        if (tellsSecret(ByteView(plain).subspan(at, 8)))
            return true;
    return plain.size() >= 16 || end - begin == form.bytes.size();
}

std::ptrdiff_t countOf(const std::vector<bool>& taken)
{
    return std::count(taken.begin(), taken.end(), true);
}

} // namespace

class TestVagueWindows : public QObject {
    Q_OBJECT

private slots:
    void everyFragmentThatCountsKeepsAWindowAtEveryAlignment()
    {
        std::mt19937 dice(1);
        std::ptrdiff_t left = 0;
        for (int round = 0; round < 150; ++round) {
            const SecretBytes bytes = sparseBytes(dice, 8 + dice() % 60);
            for (const SecretForm& form : {rawForm(bytes), swappedForm(bytes)}) {
                const std::vector<bool> before = allWindows(form);
                std::vector<bool> taken = before;
                leaveVague(form, taken, grid);
                left += countOf(before) - countOf(taken);
                for (std::size_t begin = 0; begin < taken.size(); ++begin)
                    for (std::size_t end = begin + 8; end <= taken.size(); ++end)
                        for (std::size_t alignment = 0; alignment < grid.step; ++alignment)
                            QVERIFY(!mayCount(form, begin, end)
                                    || !anyAt(before, begin, end, alignment)
                                    || anyAt(taken, begin, end, alignment));
            }
        }
        QVERIFY(left > 300);
    }

    void zerosThatFillUpANumberAreNotLookedFor()
    {
        std::mt19937 dice(2);
        SecretBytes bytes(65);
        for (std::uint8_t& byte : bytes)
            byte = static_cast<std::uint8_t>(1 + dice() % 255);
        const SecretForm form = swappedForm(bytes);
        std::vector<bool> taken = allWindows(form);
        leaveVague(form, taken, grid);
        // The first byte and seven zeros, then the other 64 bytes.
        for (const std::size_t at : {0U, 4U})
            QVERIFY(!taken[at]);
        for (std::size_t at = 8; at + grid.size <= taken.size(); ++at)
            QVERIFY(taken[at]);
    }

    void aTextKeepsAllItsWindows()
    {
        std::mt19937 dice(3);
        SecretBytes bytes(40);
        for (std::uint8_t& byte : bytes)
            byte = static_cast<std::uint8_t>('a' + dice() % 26);
        const SecretForm form = rawForm(bytes);
        std::vector<bool> taken = allWindows(form);
        const std::vector<bool> before = taken;
        leaveVague(form, taken, grid);
        QCOMPARE(taken, before);
    }

    void keysWithManyZerosAreFoundInPieces()
    {
        std::mt19937 dice(4);
        for (int round = 0; round < 6; ++round) {
            const SecretBytes bytes = sparseBytes(dice, 48);
            const QByteArray key(reinterpret_cast<const char*>(bytes.data()),
                                 static_cast<qsizetype>(bytes.size()));
            for (qsizetype begin = 0; begin + 8 <= key.size(); begin += 3) {
                if (!tellsSecret(ByteView(bytes).subspan(static_cast<std::size_t>(begin), 8)))
                    continue;
                for (qsizetype alignment = 0; alignment < 4; ++alignment) {
                    PlantedFile file(4096, '\x7f');
                    file.plant(2000 + alignment, key.mid(begin, 8));
                    SecretValue value {ValueForm::Binary, bytes, {}};
                    QVERIFY(covers(copiesIn(file, {value}),
                                   range(static_cast<std::uint64_t>(2000 + alignment), 8)));
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestVagueWindows)
#include "tst_vaguewindows.moc"

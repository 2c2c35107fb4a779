// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/automatoncache.h"
#include "scanner/rules/ruleset.h"

#include "scanner/base/descriptor.h"

#include <QtTest>

#include <sys/mman.h>
#include <sys/stat.h>

using namespace coredact;

namespace {

Descriptor memoryFile()
{
    return Descriptor(memfd_create("cache", MFD_CLOEXEC));
}

off_t sizeOf(const Descriptor& file)
{
    struct stat status = {};
    fstat(file.number(), &status);
    return status.st_size;
}

class Ids : public MatchSink {
public:
    void add(Match match) override { ids.push_back(match.rule->id); }
    std::vector<std::string> ids;
};

std::vector<std::string> found(const RuleSet& rules)
{
    const std::string text = " AK" "IAQYLPMN5HFIQR7XYA xx gh" "p_16C7e42F292c6912E7710c838347Ae178B4a ";
    const PositionMap* noMap = nullptr;
    Ids sink;
    rules.newTextScanner()->scan({asBytes(text), 0, text.size(), noMap, "raw"}, sink);
    return sink.ids;
}

} // namespace

class TestAutomatonCache : public QObject {
    Q_OBJECT

private slots:
    void givesBackWhatWasKeptUnderTheSameKeyOnly()
    {
        const Descriptor file = memoryFile();
        const AutomatonCache cache(file.number());
        const std::string key(64, 'a');
        const std::vector<std::uint8_t> payload(100'000, 7);
        QVERIFY(!cache.find(key));
        cache.keep(key, payload);
        QVERIFY(cache.find(key) == payload);
        QVERIFY(!cache.find(std::string(64, 'b')));
        cache.keep(std::string(64, 'b'), payload);
        QVERIFY(cache.find(key) == payload);
    }

    void keepsTheSetsThatWereUsedLast()
    {
        const Descriptor file = memoryFile();
        const AutomatonCache cache(file.number());
        const auto key = [](char letter) { return std::string(64, letter); };
        const auto payload = [](char letter) {
            return std::vector<std::uint8_t>(1000, static_cast<std::uint8_t>(letter));
        };
        for (char letter = 'a'; letter <= 'h'; ++letter)
            cache.keep(key(letter), payload(letter));
        QVERIFY(cache.find(key('a')) == payload('a'));
        cache.keep(key('i'), payload('i'));
        QVERIFY(!cache.find(key('b')));
        for (const char letter : std::string("acdefghi"))
            QVERIFY(cache.find(key(letter)) == payload(letter));
        const off_t size = sizeOf(file);
        cache.keep(key('a'), payload('a'));
        QCOMPARE(sizeOf(file), size);
    }

    void damageToOneSetLeavesTheOthers()
    {
        const Descriptor file = memoryFile();
        const AutomatonCache cache(file.number());
        const std::vector<std::uint8_t> payload(300, 7);
        cache.keep(std::string(64, 'a'), payload);
        cache.keep(std::string(64, 'b'), payload);
        const char wrong = '~';
        QCOMPARE(pwrite(file.number(), &wrong, 1, 400), ssize_t {1});
        QVERIFY(!cache.find(std::string(64, 'b')));
        QVERIFY(cache.find(std::string(64, 'a')) == payload);
    }

    void takesNothingThatIsDamagedOrCut()
    {
        const std::string key(64, 'a');
        const std::vector<std::uint8_t> payload(300, 7);
        for (off_t at = 0; at < 461; ++at) {
            const Descriptor file = memoryFile();
            const AutomatonCache cache(file.number());
            cache.keep(key, payload);
            QCOMPARE(sizeOf(file), off_t {461});
            const char wrong = '~';
            QCOMPARE(pwrite(file.number(), &wrong, 1, at), ssize_t {1});
            QVERIFY(!cache.find(key));
            QCOMPARE(ftruncate(file.number(), at), 0);
            QVERIFY(!cache.find(key));
        }
    }

    void keepsAndFindsNothingWithoutAFile()
    {
        const AutomatonCache cache(-1);
        cache.keep(std::string(64, 'a'), std::vector<std::uint8_t>(10, 1));
        QVERIFY(!cache.find(std::string(64, 'a')));
    }

    void makesRulesThatFindTheSame()
    {
        const Descriptor file = memoryFile();
        RuleSetOptions options;
        options.cacheFile = file.number();
        const auto compiled = RuleSet::load({}, options);
        QVERIFY(compiled.ok());
        QVERIFY(sizeOf(file) > 10'000);
        const auto cached = RuleSet::load({}, options);
        QVERIFY(cached.ok());
        QVERIFY(!found(*compiled).empty());
        QCOMPARE(found(*cached), found(*compiled));
        QCOMPARE(cached->digest(), compiled->digest());
    }
};

QTEST_APPLESS_MAIN(TestAutomatonCache)
#include "tst_automatoncache.moc"

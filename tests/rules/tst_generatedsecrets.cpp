// SPDX-License-Identifier: GPL-3.0-or-later
#include "littlewords.h"
#include "memoryimage.h"

#include "scanner/base/bytes.h"
#include "scanner/rules/chosentext.h"
#include "scanner/rules/generatedtext.h"
#include "scanner/rules/keys/textwords.h"

#include <QTest>

#include <cstring>

using namespace coredact;

namespace coredact {
extern const Detector generatedsecretsDetector;
}

namespace {

using Bytes = std::vector<std::uint8_t>;

/// Letters and digits that no other run makes, so surely random that they are told anywhere; the
/// second is told only where it is alone in its place.
const std::string sure = std::string("T6eoC6NSgx9") + "KexH5U3vQ";
const std::string unsure = std::string("u95r3AT4ivS") + "98XCAfk";

/// A number, a text and a NUL, and `after` from the next multiple of eight on.
Bytes behind(std::uint64_t number, const std::string& text, std::uint64_t after = ~0ULL << 60)
{
    Bytes bytes;
    addWords(bytes, {0x7ffe12345678, number});
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.push_back(0);
    while (bytes.size() % 8 != 0)
        bytes.push_back(0x93);
    addWords(bytes, {after});
    return bytes;
}

/// A block of glibc's heap, so large with the field of its size, and the field of the next one.
Bytes block(const std::string& text, std::size_t size, std::uint64_t next = 0x21, unsigned word = 8)
{
    Bytes bytes;
    addWords(bytes, {0, size | 1}, word);
    bytes.insert(bytes.end(), text.begin(), text.end());
    const std::size_t room = size - word;
    for (std::size_t used = text.size(); used < room; ++used)
        bytes.push_back(used == text.size() ? 0 : 0x93);
    addWords(bytes, {next}, word);
    return bytes;
}

std::vector<std::string> toldIn(const Bytes& bytes, Access access = {true, true, false},
                                unsigned word = 8)
{
    MemoryImage image(word);
    image.setAccess(access);
    image.pad(5000);
    image.put(bytes);
    image.pad(5000);
    std::vector<std::string> texts;
    for (const Match& match : image.walk(generatedsecretsDetector))
        texts.emplace_back(match.value.begin(), match.value.end());
    return texts;
}

const std::vector<std::string> nothing;

} // namespace

/// Passwords and keys that nothing names, by what they are made of.
class GeneratedSecretsTest : public QObject {
    Q_OBJECT

private slots:
    void textsDifferInHowSureTheyAre();
    void namesAreNotGenerated_data();
    void namesAreNotGenerated();
    void findsTheTextOfABlock();
    void blockMustBeTheOneForItsText();
    void findsTextBehindItsLength();
    void lengthSaysWhereATextEnds();
    void findsStringsOfVirtualMachines_data();
    void findsStringsOfVirtualMachines();
    void findsTextOfTalloc();
    void findsEachOfVeryManyTexts();
    void findsSureTextBehindANumber();
    void constantsAreNoSecrets();
    void restOfAFreedBlockIsNoText();
    void findsTheFirstLineOfABuffer();
    void nameBeforeTheTextStays();
    void nameBeforeAChosenTextStays();
    void formsOfChosenTexts_data();
    void formsOfChosenTexts();
    void findsChosenTextThatStandsAlone();
    void kernelsFindTextBehindNumbers();
    void findsTheTextOfABlockOf32Bits();
    void findsTextBehindANumberOf32Bits();
    void restOfAFreedBlockOf32BitsIsNoText();
    void findsTextBehindShortNumbers();
};

void GeneratedSecretsTest::textsDifferInHowSureTheyAre()
{
    QVERIFY(generatedScore(sure) >= 23);
    QVERIFY(generatedScore(unsure) >= 12);
    QVERIFY(generatedScore(unsure) < 23);
}

void GeneratedSecretsTest::namesAreNotGenerated_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"BLAKE2b512",
          "GyMdkHmsSEDFwWahKzZYuXL",
          "0f427d4e1430f8f5K8",
          "K0F427D4E1430F8F5k8",
          "id-aes128-CCM",
          "ChaCha20-Poly1305",
          "dsaWithSHA1-old",
          "SJIS-DoCoMo",
          "0x7FFEBFFF",

          "/usr/lib/locale/C.UTF-8/LC_MESSAGES",
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP",
          "bBuhHiIlLqQfd",
          "6C16C16C16C00p-",
          "HAPROXY_LOCALPEER=vm",
          "G1OldGCCount_lock",
          "_ZNSt3__112basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEE6appendEPKc",
          "org.freedesktop.DBus.Properties",
          "application/vnd.oasis.opendocument.text",
          "getElementsByTagNameNS",
          "d41d8cd98f00b204e9800998ecf8427e",
          "TLS_AES_256_GCM_SHA384",
          "libQt5XcbQpa.so.5.15.8",
          "QMetaObject::activate",
          "17.0.15+6-Debian-1deb12u1"})
        QTest::newRow(text) << QString(text);
}

void GeneratedSecretsTest::namesAreNotGenerated()
{
    QFETCH(QString, text);
    QVERIFY(generatedScore(text.toStdString()) < 12);
}

void GeneratedSecretsTest::findsTheTextOfABlock()
{
    const std::vector<std::string> expected {unsure};
    QCOMPARE(toldIn(block(unsure, 32)), expected);
    // A string that grew has more room; the arena's flag; the top of the heap behind it.
    QCOMPARE(toldIn(block(unsure, 64, 0x85)), expected);
    QCOMPARE(toldIn(block(unsure, 32, 0x1f0e1)), expected);
    // Nothing ends a text that fills its block, and the next one's size may be a letter.
    const std::string whole = unsure + unsure.substr(0, 6);
    QCOMPARE(toldIn(block(whole, 32, 0x41)), std::vector<std::string> {whole});
}

void GeneratedSecretsTest::blockMustBeTheOneForItsText()
{
    QCOMPARE(toldIn(block(unsure, 112)), nothing);
    QCOMPARE(toldIn(block(unsure, 32, 0x7f0012345678)), nothing);
    QCOMPARE(toldIn(block(unsure, 32, 0x20)), nothing);
    QCOMPARE(toldIn(block("user_name_of_it", 32)), nothing);
}

void GeneratedSecretsTest::findsTextBehindItsLength()
{
    const std::vector<std::string> expected {unsure};
    QCOMPARE(toldIn(behind(unsure.size(), unsure)), expected);
    QCOMPARE(toldIn(behind(unsure.size() + 1, unsure)), expected);
    QCOMPARE(toldIn(behind(unsure.size() + 2, unsure)), nothing);
}

void GeneratedSecretsTest::lengthSaysWhereATextEnds()
{
    const auto told = [](std::uint64_t number, const std::string& text) {
        Bytes bytes;
        addWords(bytes, {number});
        bytes.insert(bytes.end(), text.begin(), text.end());
        addWords(bytes, {0xffffffffffffff93});
        return toldIn(bytes);
    };
    const std::string two = sure.substr(0, 16); // words
    QCOMPARE(told(16, two), std::vector<std::string> {two});
    QCOMPARE(told(16, two + "1\xe4       "), std::vector<std::string> {two});
    QCOMPARE(told(20, sure + "1\x7f Z"), std::vector<std::string> {sure});
    QCOMPARE(told(17, two), nothing);
    QCOMPARE(told(16, two + unsure), nothing);
    QCOMPARE(told(7, sure + "234"), nothing);
}

void GeneratedSecretsTest::findsStringsOfVirtualMachines_data()
{
    QTest::addColumn<QString>("module");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("longer");
    QTest::addColumn<quint64>("first");
    QTest::addColumn<bool>("isTold");
    const QByteArray generated(unsure.data());
    const QByteArray chosen("Walrus"
                            "17!?");
    const auto row = [](const char* name, const char* module, const QByteArray& text, int longer,
                        quint64 first, bool isTold) {
        QTest::newRow(name) << QString(module) << text << longer << first << isTold;
    };
    row("V8", "/usr/bin/node", generated, 0, 0x2bcf3a4059f9, true);
    row("HotSpot", "/opt/jdk/lib/server/libjvm.so", QByteArray(sure.data()), 0, 1, true);
    row("less sure in HotSpot", "/opt/jdk/lib/server/libjvm.so", generated, 0, 1, false);
    row("chosen", "/usr/bin/node", chosen, 0, 0x2bcf3a4059f9, true);
    row("a name of Java's", "/opt/jdk/lib/server/libjvm.so", "lambda$isOk$5", 0, 1, false);
    row("chosen in Java", "/opt/jdk/lib/server/libjvm.so", chosen, 0, 1, true);
    row("another program", "/usr/bin/deno", generated, 0, 0x2bcf3a4059f9, false);
    row("another length", "/usr/bin/node", generated, 9, 0x2bcf3a4059f9, false);
    row("no reference", "/usr/bin/node", generated, 0, 0x2bcf3a4059f8, false);
    row("a name", "/usr/bin/node", "getElementsByTagNameNS", 0, 0x2bcf3a4059f9, false);
}

/// What stands behind the text is the next object, which need not begin with a zero.
void GeneratedSecretsTest::findsStringsOfVirtualMachines()
{
    QFETCH(const QString, module);
    QFETCH(const QByteArray, text);
    QFETCH(const int, longer);
    QFETCH(const quint64, first);
    QFETCH(const bool, isTold);
    Bytes bytes;
    addWords(bytes, {first, static_cast<std::uint64_t>(text.size() + longer) << 32 | 0x93bb1e02});
    bytes.insert(bytes.end(), text.begin(), text.end());
    addWords(bytes, {0x2bcf3a4059f9});
    MemoryImage image;
    image.begin(0x2bcf3a400000, module.toStdString());
    image.pad(5000);
    image.put(bytes);
    image.pad(5000);
    const auto matches = image.walk(generatedsecretsDetector);
    QCOMPARE(matches.size(), std::size_t {isTold ? 1U : 0U});
    if (isTold)
        QVERIFY(std::ranges::equal(matches[0].value, asBytes(text.toStdString())));
}

void GeneratedSecretsTest::findsSureTextBehindANumber()
{
    for (const std::uint64_t number : {0ULL, 3ULL, 0xf4240ULL, ~0ULL}) {
        QCOMPARE(toldIn(behind(number, sure)), std::vector<std::string> {sure});
        QCOMPARE(toldIn(behind(number, unsure)), nothing);
    }
    QCOMPARE(toldIn(behind(0x7ffe12345678, sure)), nothing);
    QCOMPARE(toldIn(behind(0, sure + "\x93")), nothing);
    QCOMPARE(toldIn(behind(0, sure + sure + sure + sure + sure + sure + sure)), nothing);
}

void GeneratedSecretsTest::constantsAreNoSecrets()
{
    QCOMPARE(toldIn(behind(0, sure), {true, false, false}), nothing);
    QCOMPARE(toldIn(behind(0, sure), {true, false, true}), nothing);
    QCOMPARE(toldIn(behind(0, sure), {}), std::vector<std::string> {sure});
}

void GeneratedSecretsTest::restOfAFreedBlockIsNoText()
{
    const std::string rest = sure + sure.substr(0, 4);
    Bytes bytes = behind(0, rest + "Q");
    std::fill(bytes.begin() + 16 + static_cast<std::ptrdiff_t>(rest.size()) + 1, bytes.end() - 8,
              0);
    QCOMPARE(toldIn(bytes), nothing);
}

/// As it was typed or read, with the rest of what the buffer held before.
void GeneratedSecretsTest::findsTheFirstLineOfABuffer()
{
    const std::string chosen = std::string("Walrusrib") + "bon17!";
    const auto buffer = [](std::uint64_t field, const std::string& text) {
        return behind(field, text + "encrypted secret key");
    };
    for (const std::string& line : {sure, chosen})
        for (const std::uint64_t field : {0x411U, 0x1011U, 0x2015U, 0x10011U}) {
            const std::vector<std::string> found {line};
            QCOMPARE(toldIn(buffer(field, line + '\n')), found);
            QCOMPARE(toldIn(buffer(field, line + "\r\n")), found);
        }
    // Blocks of other sizes, and no line.
    for (const std::uint64_t field : {0x211U, 0x1031U, 0x1001U, 0x20011U, 0x1019U})
        QCOMPARE(toldIn(buffer(field, chosen + '\n')), nothing);
    QCOMPARE(toldIn(buffer(0x1011, chosen + ' ')), nothing);
    QCOMPARE(toldIn(buffer(0x1011, "a line of words\n")), nothing);
}

void GeneratedSecretsTest::nameBeforeTheTextStays()
{
    const std::vector<std::string> expected {sure};
    QCOMPARE(toldIn(behind(0, "administrator:" + sure)), expected);
    QCOMPARE(toldIn(behind(0, "sessionid=" + sure)), expected);
    QCOMPARE(toldIn(behind(0, "a:b:" + sure)), expected);
    const std::string twice = sure + ":" + unsure;
    QCOMPARE(toldIn(behind(0, twice)), std::vector<std::string> {twice});
}

void GeneratedSecretsTest::nameBeforeAChosenTextStays()
{
    const std::string chosen = std::string("Walrusrib") + "bon17!";
    for (const char* name : {"fwd", "j.smith@mail-1.example", "user_2"})
        QCOMPARE(toldIn(behind(0, std::string(name) + ':' + chosen)),
                 std::vector<std::string> {chosen});
    for (const std::string& text :
         {":" + chosen, "std::" + chosen, "$user:" + chosen, "user/" + chosen,
          std::string("user:abc") + "de1!", "user:" + chosen + " and more"})
        QCOMPARE(toldIn(behind(0, text)), nothing);
}

void GeneratedSecretsTest::formsOfChosenTexts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("form");
    const auto row = [](const char* text, ChosenText form) {
        QTest::newRow(text) << QString(text) << static_cast<int>(form);
    };
    for (const char* text :
         {"walrus17!", "Walrusribbon2024!", "orchid1#", "W4lr@sRibbon", "Wa$lRus4rib"})
        row(text, ChosenText::Likely);
    for (const char* text : {"Walrus17", "WalrusRibbon2024"})
        row(text, ChosenText::Perhaps);
    for (const char* text :
         {"c4ee3e56da3c5913G@", "walrus", "walrus17", "Walrus7", "ab1!", "walrus17!!!!",
          "walrus1234567!", "%s1234Abc!", "ca_ES.UTF-8@valencia", "Gtoolbar-ext@2x.png",
          "#$34CDSTcdst", "$34CDcdefgh", "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijk~",
          "Walrus&Ribbon17", "HAVE_SHA2!", "CookiePolicy$1Reader", "Root%20CA%20Certificates",
          "Bug#103994"})
        row(text, ChosenText::No);
}

void GeneratedSecretsTest::formsOfChosenTexts()
{
    QFETCH(QString, text);
    QFETCH(int, form);
    QCOMPARE(static_cast<int>(chosenText(text.toStdString())), form);
}

void GeneratedSecretsTest::findsChosenTextThatStandsAlone()
{
    const std::string chosen = "Walrusribbon" + std::to_string(17) + "!";
    const std::vector<std::string> expected {chosen};
    QCOMPARE(toldIn(block(chosen, 32)), expected);
    QCOMPARE(toldIn(behind(chosen.size(), chosen)), expected);
    QCOMPARE(toldIn(behind(3, chosen)), expected);
    const std::string seventeen = "Walrusribbonss" + std::to_string(17) + "!"; // "!": a size?
    QCOMPARE(toldIn(behind(3, seventeen)), std::vector<std::string> {seventeen});
    Bytes freed = behind(0, sure.substr(0, 16) + "!"); // a size behind what is left of a block
    std::fill(freed.begin() + 16 + 17, freed.end() - 8, 0);
    QCOMPARE(toldIn(freed), nothing);
    QCOMPARE(toldIn(behind(3, "orchid1#")), nothing); // short ones only in their blocks
    QCOMPARE(toldIn(block("orchid1#", 32)), std::vector<std::string> {"orchid1#"});
    QCOMPARE(toldIn(behind(3, chosen + " and more")), nothing);
    QCOMPARE(toldIn(behind(3, chosen), {true, false, false}), nothing);
}

void GeneratedSecretsTest::kernelsFindTextBehindNumbers()
{
    constexpr std::size_t size = 512;
    const auto found = [](const TextWordKernelChoice& choice, std::uint64_t number,
                          std::string_view text, std::size_t at) {
        Bytes bytes(3 + size + 8, 0x93);
        std::memcpy(bytes.data() + 3 + at, &number, sizeof number);
        std::memcpy(bytes.data() + 3 + at + 8, text.data(), 8);
        return choice.kernel(bytes.data() + 3, 0, size);
    };
    constexpr std::string_view text = "aZ09~!_ ";
    for (const TextWordKernelChoice& choice : textWordKernels())
        for (std::size_t at = 0; at < size; at += 8) {
            for (const std::uint64_t number : {0ULL, 1ULL, 0xfffffffeULL, ~0ULL}) {
                QVERIFY2(found(choice, number, text, at) == at / 64 * 64, choice.name.data());
                for (const std::string_view other :
                     {std::string_view("aZ09~!_\x1f"), std::string_view("\xffZ09~!_x"),
                      std::string_view("a\0bcdefg", 8)})
                    QVERIFY2(found(choice, number, other, at) == size, choice.name.data());
            }
            for (const std::uint64_t number : {0xffffffffULL, 0x100000000ULL, ~0ULL - 1})
                QVERIFY2(found(choice, number, text, at) == size, choice.name.data());
        }
}

void GeneratedSecretsTest::findsTheTextOfABlockOf32Bits()
{
    const auto told = [](const Bytes& bytes) { return toldIn(bytes, {true, true, false}, 4); };
    const std::vector<std::string> expected {unsure};
    QCOMPARE(told(block(unsure, 32, 0x21, 4)), expected);
    QCOMPARE(told(block(unsure, 24, 0x19, 4)), expected); // where eight bytes are the step
    QCOMPARE(told(block(unsure, 64, 0x85, 4)), expected);
    const std::string whole = sure + unsure.substr(0, 8);
    QCOMPARE(told(block(whole, 32, 0x41, 4)), std::vector<std::string> {whole});
    QCOMPARE(told(block(unsure, 112, 0x21, 4)), nothing);
    QCOMPARE(told(block(unsure, 32, 0x20, 4)), nothing);
    QCOMPARE(told(block(unsure, 32, 0x23, 4)), nothing);
    QCOMPARE(toldIn(block(unsure, 32, 0x21, 4)), nothing);
}

void GeneratedSecretsTest::findsTextBehindANumberOf32Bits()
{
    const auto told = [](std::uint64_t number, const std::string& text) {
        Bytes bytes;
        addWords(bytes, {0x93}, 4); // the text is at no word of 64 bits
        addWords(bytes, {0xf7654321, number}, 4);
        bytes.insert(bytes.end(), text.begin(), text.end());
        bytes.push_back(0);
        bytes.resize(bytes.size() + 20, 0x93);
        return toldIn(bytes, {true, true, false}, 4);
    };
    QCOMPARE(told(unsure.size(), unsure), std::vector<std::string> {unsure});
    QCOMPARE(told(unsure.size() + 2, unsure), nothing);
    for (const std::uint64_t number : {0ULL, 3ULL, 0xf4240ULL, 0xffffffffULL})
        QCOMPARE(told(number, sure), std::vector<std::string> {sure});
    QCOMPARE(told(0x8051234, sure), nothing);
}

void GeneratedSecretsTest::restOfAFreedBlockOf32BitsIsNoText()
{
    const std::string rest = sure.substr(0, 16);
    for (const char size : {'Q', 'R'}) {
        Bytes bytes;
        addWords(bytes, {0xf7654321, 3}, 4);
        bytes.insert(bytes.end(), rest.begin(), rest.end());
        addWords(bytes, {static_cast<unsigned char>(size)}, 4);
        const auto told = toldIn(bytes, {true, true, false}, 4);
        QCOMPARE(told, size == 'Q' ? nothing : std::vector<std::string> {rest + size});
    }
}

void GeneratedSecretsTest::findsTextBehindShortNumbers()
{
    constexpr std::size_t size = 256;
    const auto found = [](std::uint32_t number, std::string_view text, std::size_t at) {
        Bytes bytes(3 + size + 8, 0x93);
        std::memcpy(bytes.data() + 3 + at, &number, sizeof number);
        std::memcpy(bytes.data() + 3 + at + 4, text.data(), 8);
        return findTextBehindShortNumber(bytes.data() + 3, 0, size);
    };
    for (std::size_t at = 0; at < size; at += 4) {
        for (const std::uint32_t number : {0U, 1U, 0xfffffeU, ~0U}) {
            QCOMPARE(found(number, "aZ09~!_ ", at), at / 64 * 64);
            QCOMPARE(found(number, "aZ09~!_\x1f", at), size);
        }
        for (const std::uint32_t number : {0xffffffU, 0x8051234U, ~0U - 1})
            QCOMPARE(found(number, "aZ09~!_ ", at), size);
    }
}

void GeneratedSecretsTest::findsTextOfTalloc()
{
    const auto isTold = [](const char* module, std::uint64_t size, std::uint64_t destructor = 0) {
        Bytes chunk;
        addWords(chunk,
                 {0x570c13550, 0, 0, 0x5573d81ffc30, 0, 0, destructor, 0x7f1682178a39,
                  unsure.size() + size, 0, 0, 0x7f1681ad8cc0});
        chunk.insert(chunk.end(), unsure.begin(), unsure.end());
        addWords(chunk, {0});
        MemoryImage image;
        image.begin(MemoryImage::base, module);
        image.pad(5000);
        image.put(chunk);
        image.pad(5000);
        return image.walk(generatedsecretsDetector).size() == 1;
    };
    QVERIFY(isTold("/usr/lib/x86_64-linux-gnu/libtalloc.so.2.4.0", 1));
    QVERIFY(!isTold("/usr/lib/x86_64-linux-gnu/libcap.so.2.66", 1));
    QVERIFY(!isTold("libtalloc.so.2", 0));
    QVERIFY(!isTold("libtalloc.so.2", 2));
    QVERIFY(!isTold("libtalloc.so.2", 1, 0x7f1682178a00));
}

void GeneratedSecretsTest::findsEachOfVeryManyTexts()
{
    constexpr std::size_t count = 100'000;
    Bytes many;
    for (std::size_t i = 0; i < count; ++i) {
        addWords(many, {sure.size()});
        many.insert(many.end(), sure.begin(), sure.end());
        many.resize((many.size() + 8) / 8 * 8);
    }
    MemoryImage image;
    image.put(many);
    image.pad(100);
    QCOMPARE(image.walk(generatedsecretsDetector).size(), count);
    QVERIFY(!image.leavesOut(generatedsecretsDetector));
}

QTEST_APPLESS_MAIN(GeneratedSecretsTest)
#include "tst_generatedsecrets.moc"

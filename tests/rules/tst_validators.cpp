// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/rulefile.h"
#include "scanner/rules/validators/bip39words.h"
#include "tests/rules/textscan.h"

#include <QtTest>

#include <sstream>

#include <openssl/sha.h>

using namespace coredact;
using namespace coredact::test;

namespace {

RuleSet defaultRules()
{
    RuleSetOptions options;
    return *RuleSet::load({}, options);
}

/// The example of a rule, by its number.
std::string example(const std::string& id, std::size_t index = 0)
{
    for (const RuleFile& file : RuleSet::defaultFiles())
        for (const TextRule& rule : parseRules(file).rules)
            if (rule.info.id == id && index < rule.examples.size())
                return rule.examples[index];
    return {};
}

} // namespace

/// What validators say beyond the examples of the rules.
class TestValidators : public QObject {
    Q_OBJECT

private slots:
    void shortPasswordsBesideTheirNamesAreFound_data();
    void shortPasswordsBesideTheirNamesAreFound();
    void wordsOfProgramsAndFormsAreNoPasswords_data();
    void wordsOfProgramsAndFormsAreNoPasswords();
    void bytesThatAKeyWritesAreKnownToo_data();
    void bytesThatAKeyWritesAreKnownToo();
    void walletChecksumsProve_data();
    void walletChecksumsProve();
    void checkDigitsMakeNationalNumbersLikely_data();
    void checkDigitsMakeNationalNumbersLikely();
    void recoveryPhrasesInLongerTextAreFound();
    void everyWordOfTheListStandsInPhrases();
    void publishedCardNumbersAreInformation();

private:
    std::vector<Match> matches(const std::string& text, const std::string& rule) const
    {
        FoundSink sink;
        const auto scanner = m_rules.newTextScanner();
        forEachWindow(text, {}, [&](const Window& window) {
            sink.look(window);
            scanner->scan(window, sink);
        });
        std::vector<Match> some;
        for (Match& match : sink.matches)
            if (match.rule->id == rule)
                some.push_back(std::move(match));
        return some;
    }

    const RuleSet m_rules = defaultRules();
};

void TestValidators::shortPasswordsBesideTheirNamesAreFound_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("rule");
    QTest::addColumn<bool>("likely");
    QTest::newRow("JSON, letters and digits") << R"({"password": "hunter2"})"
                                              << "json-password" << true;
    QTest::newRow("JSON, letters only") << R"({"db.passwd":"correcthorse"})"
                                        << "json-password" << false;
    QTest::newRow("JSON in JSON") << R"({\"pwd\":\"hunter2\"})"
                                  << "json-password" << true;
    QTest::newRow("INI") << "\npassword=hunter2\n"
                         << "config-password" << false;
    QTest::newRow("INI, letters only") << "\npassword=letmein\n"
                                       << "config-password" << false;
    QTest::newRow("YAML") << "\n  password: hunter2\n"
                          << "config-password" << false;
    QTest::newRow("XML") << "<password>hunter2</password>"
                         << "xml-password" << true;
    QTest::newRow("form") << "user=jane&password=hunter2&x=1"
                          << "form-password" << true;
}

void TestValidators::shortPasswordsBesideTheirNamesAreFound()
{
    QFETCH(QString, text);
    QFETCH(QString, rule);
    QFETCH(bool, likely);
    const auto found = matches(text.toStdString(), rule.toStdString());
    QVERIFY(!found.empty());
    QCOMPARE(found[0].confidence == Confidence::Likely, likely);
}

void TestValidators::wordsOfProgramsAndFormsAreNoPasswords_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text :
         {R"({"password": "string"})", R"({"password": "Enter your password"})",
          R"("passwd": "passwordField")", "\npassword = getpass\n", "\npassword = self.password\n",
          "\n  password: ${PW}\n", "\npasswd = get_password()\n", "<password>string</password>",
          "?password=%s&x=1", "\npassword = pw\n"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void TestValidators::wordsOfProgramsAndFormsAreNoPasswords()
{
    QFETCH(QString, text);
    for (const char* rule : {"json-password", "config-password", "xml-password", "form-password",
                             "attribute-password"})
        QVERIFY2(matches(text.toStdString(), rule).empty(), rule);
}

void TestValidators::bytesThatAKeyWritesAreKnownToo_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray key = QByteArray::fromHex("a8435c01b8a15d6f2c3311e070f12d4b"
                                               "0d94f2aa61b8d0327fb0c1e6d5a4f35c");
    QTest::newRow("hexadecimal") << QString("preshared_key=" + key.toHex()) << "wireguard-key-hex"
                                 << key;
    QTest::newRow("several lines")
        << QString("-----BEGIN OpenVPN Static "
                   "key V1-----\n"
                   + (key.left(16).toHex() + "\n" + key.right(16).toHex() + "\n").repeated(8))
        << "openvpn-static-key" << key.repeated(8);
    QTest::newRow("base64") << QString("\nsecret_key = " + key.toBase64() + "\n") << "config-secret"
                            << key;
}

/// Programs hold a key as bytes, once they have read its text.
void TestValidators::bytesThatAKeyWritesAreKnownToo()
{
    QFETCH(const QString, text);
    QFETCH(const QString, rule);
    QFETCH(const QByteArray, bytes);
    const auto found = matches(text.toStdString(), rule.toStdString());
    QCOMPARE(found.size(), std::size_t {1});
    QVERIFY(std::any_of(
        found[0].derived.begin(), found[0].derived.end(), [&](const DerivedValue& value) {
            return std::ranges::equal(
                value.bytes,
                asBytes(std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size()))));
        }));
}

void TestValidators::walletChecksumsProve_data()
{
    QTest::addColumn<QString>("rule");
    for (const char* rule : {"bitcoin-wif", "bip32-private-key", "bip38-key", "tezos-secret-key",
                             "xrp-seed", "solana-key", "solana-key-file"})
        QTest::newRow(rule) << QString::fromUtf8(rule);
}

/// The examples were made by other code than the validators; one wrong character is no proof.
void TestValidators::walletChecksumsProve()
{
    QFETCH(QString, rule);
    const std::string id = rule.toStdString();
    std::string text = example(id);
    auto found = matches(text, id);
    QCOMPARE(found.size(), 1);
    QVERIFY(found[0].confidence == Confidence::Verified);
    const std::size_t at = text.size() - 9;
    text[at] = text[at] == '7' ? '8' : '7';
    for (const Match& match : matches(text, id))
        QVERIFY(match.confidence == Confidence::Possible);
}

void TestValidators::checkDigitsMakeNationalNumbersLikely_data()
{
    QTest::addColumn<QString>("rule");
    for (const RuleFile& file : RuleSet::defaultFiles())
        for (const TextRule& rule : parseRules(file).rules)
            if (rule.info.pack == "personal-data" && !rule.validatorName.empty())
                QTest::newRow(rule.info.id.c_str()) << QString::fromStdString(rule.info.id);
}

void TestValidators::checkDigitsMakeNationalNumbersLikely()
{
    QFETCH(QString, rule);
    const std::string id = rule.toStdString();
    const std::string text = example(id);
    const auto found = matches(text, id);
    QCOMPARE(found.size(), 1);
    QVERIFY(found[0].confidence == Confidence::Likely);
    // Not every digit can be right in the fourth place that has one.
    std::size_t place = found[0].spans.front().begin;
    for (int i = 0; i < 4; ++i)
        place = text.find_first_of("0123456789", place) + 1;
    std::size_t likely = 0;
    for (char digit = '0'; digit <= '9'; ++digit) {
        std::string changed = text;
        changed[place - 1] = digit;
        for (const Match& match : matches(changed, id))
            likely += match.confidence == Confidence::Likely ? 1 : 0;
    }
    QVERIFY2(likely >= 1 && likely <= 5, qPrintable(QString::number(likely)));
}

void TestValidators::recoveryPhrasesInLongerTextAreFound()
{
    const std::string phrase = example("bip39-phrase");
    const auto found = matches("wallet seed " + phrase + "\n", "bip39-phrase");
    QVERIFY(!found.empty());
    QCOMPARE(found[0].spans.front().end - found[0].spans.front().begin, phrase.size());
    std::string wrong = phrase;
    wrong.replace(0, wrong.find(' '), "notaword");
    QVERIFY(matches(wrong, "bip39-phrase").empty());
}

void TestValidators::everyWordOfTheListStandsInPhrases()
{
    std::vector<std::string> words;
    std::istringstream list {std::string(bip39Words)};
    for (std::string word; list >> word;)
        words.push_back(word);
    QCOMPARE(words.size(), std::size_t {2048});
    // Eleven words and seven bits at random, as it were, and a checksum of four bits.
    for (std::size_t first = 0; first < words.size(); first += 11) {
        std::array<std::uint8_t, 17> bits {};
        const auto numberAt = [&](std::size_t i) { return (first + i) * 797 % words.size(); };
        for (std::size_t bit = 0; bit < 11 * 11; ++bit)
            if ((numberAt(bit / 11) >> (10 - bit % 11) & 1) != 0)
                bits[bit / 8] = static_cast<std::uint8_t>(bits[bit / 8] | 0x80U >> bit % 8);
        std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest {};
        SHA256(bits.data(), 16, digest.data());
        std::string phrase;
        for (std::size_t i = 0; i < 11; ++i)
            phrase += words[numberAt(i)] + ' ';
        phrase += words[digest[0] >> 4U];
        QVERIFY2(!matches(phrase, "bip39-phrase").empty(), phrase.c_str());
    }
}

void TestValidators::publishedCardNumbersAreInformation()
{
    const auto found = matches("card: 4012 8888 8888 1881 ", "payment-card");
    QCOMPARE(found.size(), 1);
    QVERIFY(found[0].severity == Severity::Info);
}

QTEST_APPLESS_MAIN(TestValidators)
#include "tst_validators.moc"

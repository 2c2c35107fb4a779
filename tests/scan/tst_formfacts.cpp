// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of each writing of a value: which pieces of it count, and what others share.
#include "scanner/scan/propagateforms.h"
#include "scanner/scan/propagatepublic.h"

#include "tests/redact/planting.h"
#include "tests/scan/writings.h"

#include <QtTest>

#include <map>
#include <set>
#include <tuple>

using namespace coredact;
using namespace coredact::test;

namespace {

std::vector<SecretForm> formsFor(const std::vector<SecretValue>& values)
{
    return formsOf(values, CommonParts(values));
}

std::vector<SecretForm> formsFor(const QByteArray& value, ValueForm kind = ValueForm::Text)
{
    return formsFor({secret(value, kind)});
}

SecretValue withDerived(const QByteArray& value, const QByteArray& derived, ValueForm kind)
{
    SecretValue secret {kind, secretBytes(value), {}};
    secret.derived.push_back({"derived", kind, secretBytes(derived)});
    return secret;
}

QByteArray bytesOf(const SecretForm& form)
{
    return {reinterpret_cast<const char*>(form.bytes.data()),
            static_cast<qsizetype>(form.bytes.size())};
}

/// Null where there is no such form.
const SecretForm* formOf(const std::vector<SecretForm>& forms, const QByteArray& bytes)
{
    const SecretBytes wanted = secretBytes(bytes);
    const auto found = std::find_if(forms.begin(), forms.end(),
                                    [&](const SecretForm& form) { return form.bytes == wanted; });
    return found == forms.end() ? nullptr : &*found;
}

std::set<std::string> encodingsOf(const std::vector<SecretForm>& forms)
{
    std::set<std::string> encodings;
    for (const SecretForm& form : forms)
        encodings.insert(form.encoding);
    return encodings;
}

/// The plain value of what is written as it is; of no value where it is not looked for so.
PlainValue plainOf(const std::vector<SecretForm>& forms, const QByteArray& bytes)
{
    const SecretForm* const form = formOf(forms, bytes);
    return form && form->encoding == "raw" ? *form->plain : PlainValue();
}

bool isBase64(const std::string& encoding) { return encoding.find("base64") != std::string::npos; }

/// One place after the other.
std::vector<bool> knownRuns(const PlainValue& earlier, const PlainValue& later)
{
    std::vector<bool> known(later.bytes.size());
    for (std::size_t at = 0; at + sharedRun <= later.bytes.size(); ++at)
        for (std::size_t from = 0; from + sharedRun <= earlier.bytes.size(); ++from) {
            bool alike = true;
            for (std::size_t i = 0; i < sharedRun; ++i)
                alike = alike && later.bytes[at + i] == earlier.bytes[from + i]
                    && later.isRandomAt(at + i) == earlier.isRandomAt(from + i)
                    && !earlier.isPublic[from + i];
            known[at] = known[at] || alike;
        }
    return known;
}

} // namespace

class TestFormFacts : public QObject {
    Q_OBJECT

private slots:
    void sayHowLongAPieceMustBe()
    {
        const std::map<std::string, std::size_t> shortest {
            {"raw", 8},
            {"reversed", 8},
            {"utf-16le", 16},
            {"utf-16be", 16},
            {"utf-32le", 32},
            {"utf-32be", 32},
            {"base64", 12},
            {"base64url", 12},
            {"base64+utf-16le", 24},
            {"base64url+utf-16le", 24},
            {"utf-16le+base64", 24},
            {"utf-16be+base64", 24},
            {"utf-16le+base64url", 24},
            {"utf-16be+base64url", 24},
            {"utf-16le+hex", 32},
            {"utf-16be+hex", 32},
        };
        const auto forms = formsFor(randomText(1, 19) + QString(u8"\u00e9?>\u00ff~").toUtf8());
        std::set<std::string> unseen;
        for (const auto& [encoding, size] : shortest)
            unseen.insert(encoding);
        for (const SecretForm& form : forms) {
            const auto expected = shortest.find(form.encoding);
            if (expected == shortest.end())
                continue;
            unseen.erase(form.encoding);
            QVERIFY2(form.shortest == expected->second, form.encoding.c_str());
        }
        QVERIFY2(unseen.empty(), unseen.begin()->c_str());
    }

    void sayWhatFollowsFromTheValue()
    {
        const std::set<std::string> oneByOne {"raw", "reversed", "percent", "json",
                                              "xml", "escaped",  "swapped", "swapped-64"};
        for (const QByteArray& word : {QByteArray("sunflower"), QByteArray("sun<flower&")})
            for (const SecretForm& form : formsFor(word)) {
                QVERIFY2(form.bounded != isBase64(form.encoding), form.encoding.c_str());
                QVERIFY2(form.partsAlike != oneByOne.contains(form.encoding),
                         form.encoding.c_str());
                QVERIFY(!form.wholeOnly);
                QVERIFY(form.plain->bytes == secretBytes(word));
            }
        for (const SecretForm& form : formsFor(QByteArray("q7Kx2A")))
            QVERIFY2(form.wholeOnly, form.encoding.c_str());
        for (const SecretForm& form : formsFor(randomKey(2, 32), ValueForm::Binary)) {
            QVERIFY2(!form.bounded && !form.wholeOnly, form.encoding.c_str());
            const bool isTurned = form.encoding.starts_with("limbs");
            QVERIFY2(form.partsAlike != (isTurned || oneByOne.contains(form.encoding)),
                     form.encoding.c_str());
        }
    }

    /// A digit at either end of base64 carries bits of what stands beside the value.
    void sayWhichDigitsAreShared()
    {
        for (int size = 30; size < 33; ++size) {
            const QByteArray value = randomText(3, size - 2) + "?~";
            const auto forms = formsFor(value);
            for (int phase = 0; phase < 3; ++phase)
                for (const bool wide : {false, true}) {
                    const QByteArray bytes = wide ? inUtf(value, QStringConverter::Utf16LE) : value;
                    const qsizetype bits = 8 * (phase + bytes.size());
                    const qsizetype first = phase == 0 ? 0 : phase + 1;
                    const QByteArray digits
                        = (QByteArray(phase, '\0') + bytes).toBase64().mid(first, bits / 6 - first);
                    const SecretForm* const form = formOf(forms, digits);
                    QVERIFY(form);
                    QCOMPARE(form->encoding, std::string(wide ? "base64+utf-16le" : "base64"));
                    QCOMPARE(form->sharesBefore, phase != 0);
                    QCOMPARE(form->sharesAfter, bits % 6 != 0);
                    const SecretForm* const widened
                        = formOf(forms, inUtf(digits, QStringConverter::Utf16LE));
                    QVERIFY(wide || widened);
                    if (!wide) {
                        QCOMPARE(widened->encoding, std::string("utf-16le+base64"));
                        QCOMPARE(widened->sharesBefore, phase != 0);
                        QCOMPARE(widened->sharesAfter, bits % 6 != 0);
                    }
                }
        }
    }

    void haveTheNamesOfTheirWritings()
    {
        const QByteArray key = "\x91" + randomKey(4, 39);
        const auto forms = formsFor(key, ValueForm::Number);
        const auto nameOf = [&](const QByteArray& bytes) {
            const SecretForm* const form = formOf(forms, bytes);
            return form ? form->encoding : std::string();
        };
        QCOMPARE(nameOf(key), std::string("raw"));
        QCOMPARE(nameOf(turnedRound(key)), std::string("reversed"));
        QCOMPARE(nameOf(wordsTurned(key, 4)), std::string("swapped"));
        QCOMPARE(nameOf(wordsTurned(key, 8)), std::string("swapped-64"));
        QCOMPARE(nameOf(turnedRound(wordsTurned(key, 4))), std::string("limbs-32"));
        QCOMPARE(nameOf(turnedRound(wordsTurned(key, 8))), std::string("limbs-64"));
        // What Python's digits write is judged as it stands.
        const SecretForm* const digits = formOf(forms, pythonDigits(key));
        QVERIFY(digits);
        QCOMPARE(digits->encoding, std::string("python-int"));
        QVERIFY(digits->plain->bytes == digits->bytes);
        QVERIFY(digits->plain->isPublic == std::vector<bool>(digits->bytes.size(), false));
    }

    /// A word stands for itself between others; what nobody would write by chance counts anywhere.
    void standAloneWhereTheyAreWords_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("standsAlone");
        QTest::newRow("word") << QByteArray("sunflower") << true;
        QTest::newRow("digit at the end") << QByteArray("sunflower7") << false;
        QTest::newRow("its only eight bytes tell") << QByteArray("xQjZvKwB") << false;
        QTest::newRow("its last eight bytes tell") << QByteArray("eeeexQjZvKwB") << false;
        QTest::newRow("fifteen letters") << QByteArray("sunflowergarden") << true;
        QTest::newRow("sixteen letters") << QByteArray("sunflowergardens") << false;
        QTest::newRow("short") << QByteArray("q7Kx2A") << true;
    }
    void standAloneWhereTheyAreWords()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const bool, standsAlone);
        const auto forms = formsFor(text);
        const SecretForm* const raw = formOf(forms, text);
        QVERIFY(raw && raw->encoding == "raw");
        QCOMPARE(raw->bounded, standsAlone);
    }

    void knowWhichOfATextIsRandom()
    {
        const QByteArray text = "the sunflower fields " + randomText(5, 24) + " of the garden";
        const PlainValue plain = plainOf(formsFor(text), text);
        const auto expected = randomParts(view(text), publicParts(view(text), ValueForm::Text));
        QVERIFY(std::find(expected.begin(), expected.end(), true) != expected.end());
        QVERIFY(plain.isRandom == expected);
        QVERIFY(plainOf(formsFor(text, ValueForm::Binary), text).isRandom.empty());
    }

    /// Of what more than 64 secrets share, a value with less than eight bytes of its own.
    void areSharedWhereTheirOwnPartIsShort()
    {
        const QByteArray common = randomKey(6, 12);
        for (const int own : {1, 4, 7, 8, 20}) {
            std::vector<SecretValue> values;
            for (unsigned i = 0; i < 65; ++i)
                values.push_back(secret(randomKey(100 + i, own) + common, ValueForm::Binary));
            const auto forms = formsFor(values);
            const PlainValue plain = plainOf(forms, randomKey(100, own) + common);
            QCOMPARE(plain.isShared, own < 8);
            std::vector<bool> expected(std::size_t(own), false);
            expected.resize(std::size_t(own) + 12, true);
            QVERIFY(plain.isPublic == expected);
        }
    }

    /// A fragment is found by the windows of the value that has it first.
    void knowWhatAnEarlierValueHas_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("derived");
        QTest::addColumn<ValueForm>("kind");
        const QByteArray key = randomKey(7, 40);
        QTest::newRow("all of it") << key << "more" + key + "end" << ValueForm::Binary;
        QTest::newRow("a part") << key << randomKey(8, 9) + key.mid(5, 20) + randomKey(9, 9)
                                << ValueForm::Binary;
        QTest::newRow("twelve bytes") << key << key.left(12) << ValueForm::Binary;
        QTest::newRow("the last twelve") << key << "more" + key.right(12) << ValueForm::Binary;
        QTest::newRow("twelve bytes first") << key.left(12) << key << ValueForm::Binary;
        QTest::newRow("not enough")
            << key << key.mid(3, 11) + randomKey(10, 4) << ValueForm::Binary;
        const QByteArray drawn = randomText(11, 24);
        QTest::newRow("text") << "the sunflower fields " + drawn << "other " + drawn + " words"
                              << ValueForm::Text;
        QTest::newRow("random in the one only")
            << "sunflowergardens" + drawn << QByteArray("the sunflowergardens of old")
            << ValueForm::Text;
        const QByteArray armour = "-----BEGIN PRIVATE KEY-----\n";
        QTest::newRow("public") << armour + drawn << armour + randomText(12, 20) + drawn
                                << ValueForm::Text;
        const QByteArray long8192 = randomKey(13, 8192);
        QTest::newRow("long") << long8192.mid(100, 60) << long8192 << ValueForm::Binary;
        QTest::newRow("five different") << QByteArray("abcdeabcdeabcde")
                                        << QByteArray("abcdeabcdeabcdeabcd") << ValueForm::Text;
    }
    void knowWhatAnEarlierValueHas()
    {
        QFETCH(const QByteArray, value);
        QFETCH(const QByteArray, derived);
        QFETCH(const ValueForm, kind);
        const auto forms = formsFor({withDerived(value, derived, kind)});
        const PlainValue first = plainOf(forms, value);
        const PlainValue second = plainOf(forms, derived);
        QCOMPARE(first.isKnown, std::vector<bool>(std::size_t(value.size()), false));
        QCOMPARE(second.isKnown, knownRuns(first, second));
    }

    void knowNothingOfWhatIsOtherwise()
    {
        const QByteArray key = randomKey(14, 8193);
        const auto isEmptyFor = [](const QByteArray& value, const QByteArray& derived) {
            const auto forms = formsFor({withDerived(value, derived, ValueForm::Binary)});
            return formOf(forms, derived) && plainOf(forms, derived).isKnown.empty();
        };
        QVERIFY(isEmptyFor(key.left(40), key.left(11)));
        QVERIFY(!isEmptyFor(key.left(40), key.left(12)));
        QVERIFY(isEmptyFor(key.left(40), key));
        QVERIFY(!isEmptyFor(key.left(40), key.left(8192)));
        // One value has no other beside it, and four different bytes say too little.
        QVERIFY(plainOf(formsFor(key.left(40), ValueForm::Binary), key.left(40)).isKnown.empty());
        const QByteArray few = "abcdabcdabcdabcd";
        QVERIFY(
            plainOf(formsFor({withDerived(few + "a", few, ValueForm::Text)}), few).isKnown.empty());
        // Text and bytes are not written alike.
        const QByteArray text = randomText(15, 30);
        SecretValue both = secret(text);
        both.derived.push_back({"derived", ValueForm::Binary, secretBytes("+" + text)});
        const PlainValue bytes = plainOf(formsFor({both}), "+" + text);
        QVERIFY(bytes.isKnown == std::vector<bool>(31, false));
    }

    /// In two secrets parts are not alike; in two values of one they are.
    void areAlikeInPartsOfOneSecret()
    {
        const QByteArray text = randomText(16, 30);
        const QByteArray wide = inUtf(text, QStringConverter::Utf16LE);
        const auto ofOne = formsFor({withDerived(text, text, ValueForm::Text)});
        QVERIFY(formOf(ofOne, wide)->partsAlike && !formOf(ofOne, text)->partsAlike);
        QCOMPARE(formOf(ofOne, wide)->secrets, std::vector<std::size_t> {0});
        const auto ofTwo = formsFor({secret(text), secret(text)});
        QVERIFY(!formOf(ofTwo, wide)->partsAlike && !formOf(ofTwo, text)->partsAlike);
    }

    /// Of eight bytes each list is a shortest piece, where numbers have two digits.
    void needEightBytesOfAList()
    {
        std::set<std::string> seen;
        for (const SecretForm& form : formsFor(QByteArray("017ABCDZ"))) {
            if (form.encoding != "hex" && form.encoding != "decimal" && form.encoding != "octal")
                continue;
            seen.insert(form.encoding);
            QCOMPARE(form.shortest, form.bytes.size());
        }
        QCOMPARE(seen.size(), std::size_t(3));
    }

    /// Few characters say little where most are escaped.
    void needMoreOfWhatIsMostlyEscaped()
    {
        const QByteArray accent = "\xc3\xa9";
        for (const auto& [text, mark, shortest] :
             {std::tuple("<<abcdefgh" + QByteArray(), "\\u003c", 16),
              {"<<abcdefghi", "\\u003c", 8},
              {accent.repeated(3) + "abcdef", "\\u00e9", 16},
              {accent.repeated(3) + "abcdefg", "\\u00e9", 8}}) {
            int found = 0;
            for (const SecretForm& form : formsFor(text)) {
                if (form.encoding != "json" || !bytesOf(form).contains(mark))
                    continue;
                ++found;
                QCOMPARE(form.shortest, std::size_t(shortest));
            }
            QVERIFY(found > 0);
        }
    }

    void escapeNoMoreThanTheyMust()
    {
        const auto foreign = formsFor(QString(u8"q7K</\u0080\u00e9 x2Ab9").toUtf8());
        for (const char* const text :
             {"q7K</\\u0080\\u00e9 x2Ab9", "q7K<\\/\\u0080\\u00e9 x2Ab9",
              "q7K</\\u0080\\u00E9 x2Ab9", "q7K&lt;/&#128;&#233; x2Ab9",
              "q7K&lt;/&#x80;&#xe9; x2Ab9", "q7K&lt;/&#x80;&#xE9; x2Ab9", "q7K</\\x80\\xe9 x2Ab9"})
            QVERIFY2(formOf(foreign, text), text);
        for (const SecretForm& form : formsFor(QByteArray("q7Kx2 Ab9<")))
            QVERIFY(form.encoding != "json" || !bytesOf(form).contains("\\u0020"));
        const auto marks = formsFor(QByteArray("q7<=/\"\r\n\t\\Kx2Ab9"));
        for (const char* const front : {"q7<=/", "q7<=\\/", "q7\\u003c=/", "q7\\u003c\\u003d/"})
            QVERIFY2(formOf(marks, QByteArray(front) + "\\\"\\r\\n\\t\\\\Kx2Ab9"), front);
    }

    /// Nobody prints more byte by byte.
    void areListsOfWhatIsNotVeryLong()
    {
        for (const ValueForm kind : {ValueForm::Text, ValueForm::Binary}) {
            const auto atMost = encodingsOf(formsFor(randomText(17, 8192), kind));
            const auto more = encodingsOf(formsFor(randomText(17, 8193), kind));
            QVERIFY(atMost.contains("decimal") && atMost.contains("octal"));
            QVERIFY(!more.contains("decimal") && !more.contains("octal"));
            QVERIFY(more.contains("hex") && more.contains("base64"));
        }
        const QByteArray key = randomKey(18, 8193);
        QVERIFY(encodingsOf(formsFor(key.left(8192), ValueForm::Binary)).contains("percent"));
        QVERIFY(!encodingsOf(formsFor(key, ValueForm::Binary)).contains("percent"));
    }

    void areBase64OfShortTextsThatDiffer()
    {
        QVERIFY(encodingsOf(formsFor(QByteArray("abcdea"))).contains("base64"));
        QVERIFY(!encodingsOf(formsFor(QByteArray("abcdaa"))).contains("base64"));
        QVERIFY(!encodingsOf(formsFor(QByteArray("abcde"))).contains("base64"));
    }
};

QTEST_APPLESS_MAIN(TestFormFacts)
#include "tst_formfacts.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// In which writings a value is looked for.
#include "scanner/scan/propagateforms.h"

#include "tests/redact/planting.h"
#include "tests/scan/writings.h"

#include <QtTest>

#include <set>

using namespace coredact;
using namespace coredact::test;

namespace {

QByteArray bytesOf(const SecretForm& form)
{
    return {reinterpret_cast<const char*>(form.bytes.data()),
            static_cast<qsizetype>(form.bytes.size())};
}

std::vector<SecretForm> formsFor(const std::vector<SecretValue>& values)
{
    return formsOf(values, CommonParts(values));
}

/// All texts in which a value is looked for under that name; "": under any, since what several
/// encodings write alike has the name of one.
std::set<QByteArray> written(const QByteArray& value, const char* encoding)
{
    std::set<QByteArray> texts;
    for (const SecretForm& form : formsFor({secret(value)}))
        if (encoding[0] == 0 || form.encoding == encoding)
            texts.insert(bytesOf(form));
    return texts;
}

/// Characters are written one by one; what `escape` answers "" for stays.
QByteArray escaped(const QByteArray& text, const std::function<QByteArray(quint8)>& escape)
{
    QByteArray all;
    for (const char character : text) {
        const QByteArray one = escape(static_cast<quint8>(character));
        all += one.isEmpty() ? QByteArray(1, character) : one;
    }
    return all;
}

/// As JSON has it. `more`: what is written by number though it need not be.
QByteArray inJson(const QByteArray& text, const QByteArray& more, bool capitals = false,
                  bool slash = false)
{
    return escaped(text, [&](quint8 byte) -> QByteArray {
        const QByteArray digits = twoDigits(byte);
        if (more.contains(static_cast<char>(byte)))
            return "\\u00" + (capitals ? digits.toUpper() : digits);
        switch (byte) {
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        case '"':
            return "\\\"";
        case '\\':
            return "\\\\";
        case '/':
            return slash ? "\\/" : "";
        default:
            return byte < 0x20 ? "\\u00" + (capitals ? digits.toUpper() : digits) : QByteArray();
        }
    });
}

/// Each byte but a NUL, in a text.
QList<QByteArray> texts()
{
    QList<QByteArray> all;
    for (int byte = 1; byte < 128; ++byte)
        all.append("aZ" + QByteArray(1, static_cast<char>(byte)) + "q7KxWm2");
    return all;
}

} // namespace

class TestForms : public QObject {
    Q_OBJECT

private slots:
    void areEachWritingOfAValue_data()
    {
        QTest::addColumn<Writing>("write");
        QTest::addColumn<ValueForm>("kind");
        for (const auto& [name, write] : widened(longTextWritings()))
            QTest::newRow(name.constData()) << write << ValueForm::Text;
        for (const auto& [name, write] : numberWritings())
            QTest::newRow(("number, " + name).constData()) << write << ValueForm::Number;
    }
    /// Of what base64 shares with the text around it, the digits that depend on the value alone.
    void areEachWritingOfAValue()
    {
        QFETCH(const Writing, write);
        QFETCH(const ValueForm, kind);
        for (const int size : {16, 29, 30, 31, 60}) {
            const QByteArray value = kind == ValueForm::Text ? randomText(1, size - 5) + "<&\"/\n"
                                                             : "\x91" + randomKey(2, size - 1);
            const QByteArray text = write(value);
            const bool shares = QByteArray(QTest::currentDataTag()).contains("base64");
            const auto forms = formsFor({secret(value, kind)});
            QVERIFY(std::any_of(forms.begin(), forms.end(), [&](const SecretForm& form) {
                const QByteArray bytes = bytesOf(form);
                return shares
                    ? text.contains(bytes) && bytes.size() + 12 * qsizetype(form.unit) > text.size()
                    : bytes == text;
            }));
        }
    }

    /// Which byte of the value each byte writes, from the first to the last.
    void knowWhatTheyWrite()
    {
        const QByteArray text = randomText(3, 20) + "<\"\n" + QByteArray("\xc3\xa9") + "q7";
        for (const ValueForm kind : {ValueForm::Text, ValueForm::Number}) {
            for (const SecretForm& form : formsFor({secret(text, kind)})) {
                QCOMPARE(form.origin.size(), form.bytes.size());
                QCOMPARE(form.origin.size() % form.unit, std::size_t(0));
                const std::set<Origin> origins(form.origin.begin(), form.origin.end());
                const auto last = static_cast<Origin>(form.plain->bytes.size() - 1);
                QVERIFY2(*origins.rbegin() + 1 >= last && *origins.begin() == 0,
                         form.encoding.c_str());
                QVERIFY(form.shortest >= 8 && form.shortest <= 64);
            }
        }
        for (const SecretForm& form : formsFor({secret(text)}))
            if (form.encoding == "hex" && form.bytes.size() == 2 * form.plain->bytes.size())
                for (std::size_t i = 0; i < form.origin.size(); ++i)
                    QCOMPARE(std::size_t(form.origin[i]), i / 2);
    }

    void areEscapedAsEncodersDo()
    {
        for (const QByteArray& text : texts()) {
            const auto all = written(text, "");
            const auto isLookedFor = [&](const QByteArray& one) { return all.contains(one); };
            QVERIFY2(isLookedFor(inJson(text, "")), text.constData());
            QVERIFY2(isLookedFor(inJson(text, "", false, true)), text.constData());
            QVERIFY2(isLookedFor(inJson(text, "<>&")), text.constData());
            QVERIFY2(isLookedFor(inJson(text, "<>&'=")), text.constData());
            QVERIFY2(isLookedFor(inJson(text, "<>&'+\"`", true)), text.constData());
            QVERIFY(!written(text, "json").contains(text));
            for (const char* const kept : {"-._~", "-._~!*'()", "-._~!*'()/:@,;$&=+?"}) {
                const QByteArray upper = text.toPercentEncoding(kept);
                const QByteArray lower = escaped(text, [&](quint8 byte) {
                    const QByteArray one
                        = QByteArray(1, static_cast<char>(byte)).toPercentEncoding(kept);
                    return one.size() == 1 ? one : one.toLower();
                });
                QVERIFY2(isLookedFor(upper), upper.constData());
                QVERIFY2(isLookedFor(lower), lower.constData());
            }
        }
    }

    void areEscapedAsXmlAndProgramsDo()
    {
        const QByteArray text = "aZ&<>\"'\n\r\t\\\x01\x7f" + randomText(4, 12);
        const QByteArray tail = QByteArray("\r\t\\\x01\x7f") + randomText(4, 12);
        const auto xml = written(text, "xml");
        for (const char* const marks :
             {"&quot;&#39;\n", "&quot;&apos;\n", "&#34;&#39;\n", "&quot;&#x27;\n",
              "&quot;&apos;&#10;", "&quot;&apos;&#xA;", "&quot;&#39;&#xa;"})
            QVERIFY2(xml.contains("aZ&amp;&lt;&gt;" + QByteArray(marks) + tail), marks);
        QVERIFY(written(text, "escaped")
                    .contains("aZ&<>\"\\'\\n\\r\\t\\\\\\x01\\x7f" + randomText(4, 12)));
        const SecretBytes key = secretBytes(QByteArray("q7\xff\x80~\x1f ") + randomText(5, 9));
        bool found = false;
        for (const SecretForm& form : formsFor({{ValueForm::Binary, key, {}}}))
            found = found
                || (form.encoding == "escaped"
                    && bytesOf(form) == "q7\\xff\\x80~\\x1f " + randomText(5, 9));
        QVERIFY(found);
        // Nothing to escape: no such writing.
        QVERIFY(written(randomText(6, 20), "xml").empty());
        QVERIFY(written(randomText(6, 20), "json").empty());
    }

    void keepToAsciiAsEncodersDo()
    {
        const QString text = QString::fromUtf8("q7<\u00e9\u00ff\u0100\u0fff\u1000\uabcd\U00010000"
                                               "\U0001f600Kx2Ab9");
        const QByteArray value = text.toUtf8();
        const auto json = written(value, "json");
        const QByteArray units
            = "\\u00e9\\u00ff\\u0100\\u0fff\\u1000\\uabcd\\ud800\\udc00\\ud83d\\ude00Kx2Ab9";
        QVERIFY(json.contains("q7<" + units));
        QByteArray capitals = units;
        for (const char* const digits :
             {"00e9", "00ff", "0fff", "abcd", "d800", "dc00", "d83d", "de00"})
            capitals.replace(digits, QByteArray(digits).toUpper());
        QVERIFY(json.contains("q7<" + capitals));
        QVERIFY(json.contains("q7\\u003C" + capitals));
        const auto xml = written(value, "xml");
        QVERIFY(
            xml.contains("q7&lt;&#233;&#255;&#256;&#4095;&#4096;&#43981;&#65536;&#128512;Kx2Ab9"));
        const QByteArray hex = "&#xe9;&#xff;&#x100;&#xfff;&#x1000;&#xabcd;&#x10000;&#x1f600;Kx2Ab9";
        QVERIFY(xml.contains("q7&lt;" + hex));
        QByteArray capital = hex;
        for (const char* const digits : {"e9", "ff", "fff", "abcd", "1f600"})
            capital.replace("#x" + QByteArray(digits) + ";",
                            "#x" + QByteArray(digits).toUpper() + ";");
        QVERIFY(xml.contains("q7&lt;" + capital));
        QVERIFY(written(value, "escaped")
                    .contains("q7<\\xe9\\xff\\u0100\\u0fff\\u1000\\uabcd\\U00010000\\U0001f600"
                              "Kx2Ab9"));
        using Q = QStringConverter;
        QVERIFY(written(value, "utf-16le").contains(inUtf(value, Q::Utf16LE)));
        QVERIFY(written(value, "utf-16be").contains(inUtf(value, Q::Utf16BE)));
        QVERIFY(written(value, "utf-32le").contains(inUtf(value, Q::Utf32LE)));
    }

    /// Few characters say little where most are escaped.
    void needMoreOfWhatIsMostlyEscaped()
    {
        for (const auto& [text, shortest] :
             {std::pair("<<<<abcdefgh", 16), {"<<<abcdefghi", 16}, {"<<abcdefghij", 8}})
            for (const SecretForm& form : formsFor({secret(text)}))
                if (form.encoding == "json" && bytesOf(form).contains("\\u003c"))
                    QCOMPARE(form.shortest, std::size_t(shortest));
    }

    void areOneForValuesThatAreAlike()
    {
        const QByteArray word = "sunflower";
        const auto forms = formsFor({secret(word), secret(word), secret(randomText(7, 20))});
        std::set<std::pair<std::string, QByteArray>> seen;
        for (const SecretForm& form : forms) {
            QVERIFY(seen.insert({form.encoding, bytesOf(form)}).second);
            if (form.secrets.front() == 0)
                QCOMPARE(form.secrets, (std::vector<std::size_t> {0, 1}));
            else
                QCOMPARE(form.secrets, std::vector<std::size_t> {2});
        }
        // A word stands alone, a key anywhere: of both anywhere.
        const auto ofBoth = formsFor({secret(word), secret(word, ValueForm::Binary)});
        for (const SecretForm& form : ofBoth)
            if (form.encoding == "raw")
                QVERIFY(!form.bounded && form.secrets.size() == 2);
        for (const SecretForm& form : formsFor({secret(word)}))
            if (form.encoding == "raw")
                QVERIFY(form.bounded && !form.wholeOnly);
    }

    void areNoneOfWhatIsTooShort()
    {
        QVERIFY(formsFor({secret("q7Kx")}).empty());
        QVERIFY(!formsFor({secret("q7Kx2")}).empty());
        QVERIFY(formsFor({secret(randomKey(8, 7), ValueForm::Binary)}).empty());
        QVERIFY(!formsFor({secret(randomKey(8, 8), ValueForm::Binary)}).empty());
        QVERIFY(formsFor({secret("\1\2\3\4\1\2\3\4", ValueForm::Binary)}).empty());
        QVERIFY(!formsFor({secret("\1\2\3\4\5\2\3\4", ValueForm::Binary)}).empty());
        // Of a short text base64 says too little, and nothing turned round is one.
        for (const auto& [text, isEncoded] :
             {std::pair("q7Kx2", false), {"q7Kx2A", true}, {"q7q7q7", false}}) {
            QCOMPARE(!written(text, "base64").empty(), isEncoded);
            QVERIFY(written(text, "reversed").empty());
        }
    }

    void areOfPartsOfAVeryLongValue()
    {
        const auto sizes = [](std::size_t size) {
            std::multiset<std::size_t> raw;
            for (const SecretForm& form :
                 formsFor({secret(randomKey(9, int(size)), ValueForm::Binary)}))
                if (form.encoding == "raw")
                    raw.insert(form.bytes.size());
            return raw;
        };
        QCOMPARE(sizes(longestValue), std::multiset<std::size_t> {longestValue});
        QCOMPARE(sizes(longestValue + 100), (std::multiset<std::size_t> {100, longestValue}));
    }

    void areMadeInPartsOfSomeThousandBytes()
    {
        constexpr int most = 20 << 10;
        const auto batches = [](const std::vector<int>& sizes) {
            std::vector<SecretValue> values;
            for (const int size : sizes) {
                values.push_back(secret(QByteArray(size / 2, 'a')));
                values.back().derived.push_back(
                    {"more", ValueForm::Binary, SecretBytes(std::size_t(size - size / 2))});
            }
            std::vector<std::size_t> first;
            for (const ValueBatch& batch : inBatches(values)) {
                first.push_back(batch.first);
                if (batch.values.data() != values.data() + batch.first)
                    qFatal("a part begins elsewhere");
            }
            return first;
        };
        using Firsts = std::vector<std::size_t>;
        QCOMPARE(batches({}), Firsts());
        QCOMPARE(batches({100, 200}), Firsts {0});
        QCOMPARE(batches({most - 100, 100}), Firsts {0});
        QCOMPARE(batches({most - 100, 101}), (Firsts {0, 1}));
        QCOMPARE(batches({most + 100, 1, most, most}), (Firsts {0, 1, 2, 3}));
        QCOMPARE(batches({most - 5, 6, most - 6, 7, 8}), (Firsts {0, 1, 3}));
    }
};

QTEST_APPLESS_MAIN(TestForms)
#include "tst_forms.moc"

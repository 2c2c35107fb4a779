// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringConverter>

#include <algorithm>
#include <functional>
#include <utility>

namespace coredact::test {

/// Writes a value as some program would; nothing here is the scanner's code.
using Writing = std::function<QByteArray(const QByteArray&)>;
using NamedWriting = std::pair<QByteArray, Writing>;

inline QByteArray turnedRound(QByteArray bytes)
{
    std::reverse(bytes.begin(), bytes.end());
    return bytes;
}

/// Bytes of each word turned round; the value is filled up with zeros in front.
inline QByteArray wordsTurned(const QByteArray& bytes, qsizetype word)
{
    const QByteArray whole = QByteArray((word - bytes.size() % word) % word, '\0') + bytes;
    QByteArray turned;
    for (qsizetype at = 0; at < whole.size(); at += word)
        turned += turnedRound(whole.mid(at, word));
    return turned;
}

inline QByteArray inUtf(const QByteArray& text, QStringConverter::Encoding encoding)
{
    QStringEncoder encoder(encoding, QStringConverter::Flag::Default);
    return encoder(QString::fromUtf8(text));
}

/// Digits of CPython's int: the number's bits by thirties, from the lowest, in words of 32.
inline QByteArray pythonDigits(const QByteArray& number)
{
    QByteArray digits;
    const qsizetype bits = number.size() * 8;
    for (qsizetype low = 0; low < bits; low += 30) {
        quint32 digit = 0;
        for (qsizetype bit = 0; bit < 30 && low + bit < bits; ++bit) {
            const qsizetype byte = number.size() - 1 - (low + bit) / 8;
            digit |= quint32(quint8(number[byte]) >> (low + bit) % 8 & 1U) << bit;
        }
        for (int byte = 0; byte < 4; ++byte)
            digits.append(static_cast<char>(digit >> 8 * byte & 0xffU));
    }
    return digits;
}

/// Each byte by `one`, with `between` in between.
inline QByteArray listed(const QByteArray& bytes, const QByteArray& between,
                         const std::function<QByteArray(quint8)>& one)
{
    QByteArray list;
    for (qsizetype i = 0; i < bytes.size(); ++i)
        list += (i == 0 ? QByteArray() : between) + one(static_cast<quint8>(bytes[i]));
    return list;
}

inline QByteArray twoDigits(quint8 byte) { return QByteArray(1, static_cast<char>(byte)).toHex(); }

/// Characters are replaced one by one; those that `by` has nothing for stay.
inline QByteArray replaced(const QByteArray& text, const QList<std::pair<char, QByteArray>>& by)
{
    QByteArray out;
    for (const char character : text) {
        const auto found = std::find_if(by.begin(), by.end(),
                                        [&](const auto& one) { return one.first == character; });
        out += found == by.end() ? QByteArray(1, character) : found->second;
    }
    return out;
}

inline QList<NamedWriting> base64Writings()
{
    QList<NamedWriting> writings;
    for (int phase = 0; phase < 3; ++phase)
        for (const auto alphabet : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding})
            writings.append(
                {"base64 " + QByteArray::number(phase)
                     + (alphabet == QByteArray::Base64Encoding ? "" : " url"),
                 [phase, alphabet](const QByteArray& value) {
                     return (QByteArray("?>~").left(phase) + value + "<").toBase64(alphabet);
                 }});
    return writings;
}

/// What is done with any value.
inline QList<NamedWriting> commonWritings()
{
    QList<NamedWriting> writings {
        {"raw", [](const QByteArray& value) { return value; }},
        {"hex", [](const QByteArray& value) { return value.toHex(); }},
        {"HEX", [](const QByteArray& value) { return value.toHex().toUpper(); }},
        {"percent", [](const QByteArray& value) { return value.toPercentEncoding(); }},
        {"percent, small",
         [](const QByteArray& value) {
             return listed(value, "", [](quint8 byte) {
                 const QByteArray one = QByteArray(1, static_cast<char>(byte)).toPercentEncoding();
                 return one.size() == 1 ? one : one.toLower();
             });
         }},
        {"decimal, negative",
         [](const QByteArray& value) {
             return listed(value, ", ", [](quint8 byte) {
                 return QByteArray::number(static_cast<qint8>(byte));
             });
         }},
        {"decimal, negative, close",
         [](const QByteArray& value) {
             return listed(value, ",", [](quint8 byte) {
                 return QByteArray::number(static_cast<qint8>(byte));
             });
         }},
        {"decimal references",
         [](const QByteArray& value) {
             return listed(value, ";",
                           [](quint8 byte) { return "&#" + QByteArray::number(byte); });
         }},
        {"octal",
         [](const QByteArray& value) {
             return listed(value, "", [](quint8 byte) {
                 return QString("\\%1").arg(byte, 3, 8, QChar('0')).toLatin1();
             });
         }},
    };
    writings += base64Writings();
    const std::pair<const char*, const char*> styles[]
        = {{"", " "},     {"", ":"}, {"", "-"},    {"", ","},   {"", ", "},   {"\\x", ""},
           {"\\u00", ""}, {"%", ""}, {"&#x", ";"}, {"0x", ","}, {"0x", ", "}, {"0x", " "}};
    for (const auto& [before, between] : styles) {
        const QByteArray first = before;
        const QByteArray middle = between;
        writings.append({"hex list '" + first + middle + "'", [=](const QByteArray& value) {
                             return listed(value, middle,
                                           [&](quint8 byte) { return first + twoDigits(byte); });
                         }});
        writings.append({"HEX list '" + first + middle + "'", [=](const QByteArray& value) {
                             return listed(value, middle, [&](quint8 byte) {
                                 return first + twoDigits(byte).toUpper();
                             });
                         }});
    }
    for (const char* between : {" ", ",", ", "})
        writings.append({QByteArray("decimal '") + between + "'",
                         [middle = QByteArray(between)](const QByteArray& value) {
                             return listed(value, middle,
                                           [](quint8 byte) { return QByteArray::number(byte); });
                         }});
    return writings;
}

/// What is done with text besides.
inline QList<NamedWriting> textWritings()
{
    QList<NamedWriting> writings = commonWritings();
    using Q = QStringConverter;
    for (const auto& [name, encoding] :
         {std::pair("UTF-16LE", Q::Utf16LE), std::pair("UTF-16BE", Q::Utf16BE),
          std::pair("UTF-32LE", Q::Utf32LE), std::pair("UTF-32BE", Q::Utf32BE)})
        writings.append({name, [encoding = encoding](const QByteArray& text) {
                             return inUtf(text, encoding);
                         }});
    const auto json = [](const QByteArray& text, const QList<std::pair<char, QByteArray>>& more) {
        return replaced(text,
                        more
                            + QList<std::pair<char, QByteArray>> {
                                {'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}});
    };
    writings.append({"JSON", [=](const QByteArray& text) { return json(text, {}); }});
    writings.append({"JSON of PHP", [=](const QByteArray& text) {
                         return json(text, {{'/', "\\/"}});
                     }});
    writings.append({"JSON of Go", [=](const QByteArray& text) {
                         return json(text, {{'<', "\\u003c"}, {'>', "\\u003e"}, {'&', "\\u0026"}});
                     }});
    writings.append({"XML attribute", [=](const QByteArray& text) {
                         return replaced(text,
                                         {{'&', "&amp;"},
                                          {'<', "&lt;"},
                                          {'>', "&gt;"},
                                          {'"', "&quot;"},
                                          {'\'', "&apos;"},
                                          {'\n', "&#10;"}});
                     }});
    writings.append({"XML", [](const QByteArray& text) {
                         return QString::fromUtf8(text).toHtmlEscaped().toUtf8();
                     }});
    return writings;
}

/// What is done with the longer texts: of shorter ones too little would be left to tell them by.
inline QList<NamedWriting> longTextWritings()
{
    QList<NamedWriting> writings = textWritings();
    writings.append({"reversed", turnedRound});
    for (const auto& [name, write] : base64Writings())
        writings.append({name + " of UTF-16", [write = write](const QByteArray& text) {
                             return write(inUtf(text, QStringConverter::Utf16LE));
                         }});
    return writings;
}

/// What is done with keys and numbers.
inline QList<NamedWriting> keyWritings()
{
    QList<NamedWriting> writings = commonWritings();
    writings.append({"reversed", turnedRound});
    writings.append({"int[]", [](const QByteArray& key) { return wordsTurned(key, 4); }});
    writings.append({"long[]", [](const QByteArray& key) { return wordsTurned(key, 8); }});
    writings.append(
        {"limbs of 32", [](const QByteArray& key) { return turnedRound(wordsTurned(key, 4)); }});
    writings.append(
        {"limbs of 64", [](const QByteArray& key) { return turnedRound(wordsTurned(key, 8)); }});
    return writings;
}

inline QList<NamedWriting> numberWritings()
{
    return keyWritings() + QList<NamedWriting> {{"Python's digits", pythonDigits}};
}

/// Each of them in UTF-16 as well, where it is text of a certain length.
inline QList<NamedWriting> widened(const QList<NamedWriting>& writings)
{
    QList<NamedWriting> all = writings;
    for (const auto& [name, write] : writings)
        if ((name.startsWith("base64") && !name.endsWith("UTF-16")) || name == "hex"
            || name == "HEX")
            for (const auto encoding : {QStringConverter::Utf16LE, QStringConverter::Utf16BE})
                all.append({name
                                + (encoding == QStringConverter::Utf16LE ? " in UTF-16LE"
                                                                         : " in UTF-16BE"),
                            [write = write, encoding](const QByteArray& value) {
                                return inUtf(write(value), encoding);
                            }});
    return all;
}

} // namespace coredact::test

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/views.h"
#include "tests/rules/textscan.h"

#include <QByteArray>

#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace coredact::test {

/// One run of base64 text as Qt writes it: another decoder's opposite.
inline std::string base64(std::string_view text,
                          QByteArray::Base64Options options = QByteArray::Base64Encoding)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()))
        .toBase64(options)
        .toStdString();
}

inline std::string utf16(std::string_view text, bool bigEndian)
{
    std::string wide;
    for (const char c : text) {
        if (bigEndian)
            wide += '\0';
        wide += c;
        if (!bigEndian)
            wide += '\0';
    }
    return wide;
}

inline std::string inLines(std::string_view text, std::size_t width, std::string_view lineBreak)
{
    std::string lines;
    for (std::size_t at = 0; at < text.size(); at += width)
        lines += std::string(text.substr(at, width)) + std::string(lineBreak);
    return lines;
}

/// As template engines write what is no letter or digit, and every e besides.
inline std::string inHtml(std::string_view text)
{
    std::string encoded;
    for (const char c : text)
        encoded += c == 'e' || (c >= 0 && std::isalnum(c) == 0)
            ? "&#" + std::to_string(static_cast<int>(c)) + ";"
            : std::string(1, c);
    return encoded;
}

inline std::string inList(std::string_view text)
{
    std::string list;
    for (const char c : text)
        list += std::to_string(static_cast<int>(c)) + ", ";
    return list;
}

struct Seen {
    std::string encoding;
    std::vector<FileRange> ranges; ///< of the text that was looked for
};

/// Every place where a view of the text shows `wanted`, beginning in a window's fresh part.
inline std::vector<Seen> look(std::string_view text, std::string_view wanted, const Cut& cut = {})
{
    std::vector<Seen> seen;
    forEachWindow(text, cut, [&](const Window& window) {
        forEachView(window, [&](const Window& view) {
            const std::string_view bytes = asText(view.bytes);
            for (std::size_t at = bytes.find(wanted); at != std::string_view::npos;
                 at = bytes.find(wanted, at + 1))
                if (view.fresh(at))
                    seen.push_back(
                        {std::string(view.encoding), view.map->fileRanges(at, at + wanted.size())});
        });
    });
    return seen;
}

inline FileRange range(std::size_t begin, std::size_t size)
{
    return *FileRange::make(begin, size);
}

inline const std::string filler = std::string("\x01\x02\x03\x00\x05\x06", 6);
inline const std::string secret = "a plain sentence, long enough";

} // namespace coredact::test

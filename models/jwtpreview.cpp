// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/textpreview.h"

#include <QByteArray>

#include <array>

namespace coredact {

namespace {

constexpr int dots = 18;

/// Names whose values say who issued a token, for what and how long (RFC 7515, 7519, 8414), and
/// nothing of the person that it was made for.
bool isPublic(std::string_view name)
{
    static constexpr std::array<std::string_view, 13> names {
        "iss", "aud", "kid", "alg", "typ", "exp", "iat", "nbf", "scope", "scp", "azp", "ver", "cty",
    };
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Copies JSON text character by character and masks the values of names that are not public.
/// Tells strings from the rest and nothing more: what is no JSON comes out masked or as it is
/// built, never misread beyond the text's end.
class ClaimWriter {
public:
    ClaimWriter(TextPreview& preview, Severity severity)
        : m_preview(preview)
        , m_severity(severity)
    {
    }

    void write(std::string_view json)
    {
        std::string name;
        for (std::size_t at = 0; at < json.size();) {
            const char letter = json[at];
            if (letter == '"') {
                const std::size_t end = stringEnd(json, at);
                const std::string_view whole = json.substr(at, end - at);
                if (isName(json, end)) {
                    name = whole.size() >= 2 ? whole.substr(1, whole.size() - 2) : whole;
                    put(whole);
                } else {
                    value(name, whole);
                }
                at = end;
            } else if (letter == ',') {
                put(",\n ");
                ++at;
            } else if (letter == ':') {
                put(": ");
                ++at;
            } else if (std::string_view("{}[] \t\r\n").find(letter) != std::string_view::npos) {
                if (letter == '{' || letter == '}' || letter == '[' || letter == ']')
                    put(json.substr(at, 1));
                ++at;
            } else {
                const std::size_t end = std::min(json.find_first_of(",]}\" \n", at), json.size());
                value(name, json.substr(at, end - at));
                at = end;
            }
        }
    }

private:
    static std::size_t stringEnd(std::string_view json, std::size_t at)
    {
        for (++at; at < json.size(); ++at) {
            if (json[at] == '\\')
                ++at;
            else if (json[at] == '"')
                return at + 1;
        }
        return json.size();
    }
    static bool isName(std::string_view json, std::size_t end)
    {
        const std::size_t next = json.find_first_not_of(" \t\r\n", end);
        return next != std::string_view::npos && json[next] == ':';
    }
    void put(std::string_view text)
    {
        for (const char letter : text) {
            const bool plain = letter == '\n' || (letter >= ' ' && letter < 0x7f);
            m_preview.text += plain ? QLatin1Char(letter) : QLatin1Char('?');
        }
    }
    void value(const std::string& name, std::string_view text)
    {
        if (isPublic(name))
            return put(text);
        m_preview.masks.push_back({static_cast<int>(m_preview.text.size()), dots, m_severity});
        m_preview.text += QString(dots, QChar(0x2022));
    }

    TextPreview& m_preview;
    Severity m_severity;
};

} // namespace

TextPreview jwtPreview(ByteView token, Severity severity)
{
    const std::string_view text = asText(token);
    const std::size_t first = text.find('.');
    const std::size_t second
        = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (second == std::string_view::npos)
        return {};
    TextPreview preview;
    preview.syntax = QStringLiteral("JSON");
    ClaimWriter writer(preview, severity);
    for (const std::string_view part :
         {text.substr(0, first), text.substr(first + 1, second - first - 1)}) {
        QByteArray decoded = QByteArray::fromBase64(
            QByteArray::fromRawData(part.data(), static_cast<qsizetype>(part.size())),
            QByteArray::Base64UrlEncoding);
        writer.write({decoded.constData(), static_cast<std::size_t>(decoded.size())});
        wipe({reinterpret_cast<std::uint8_t*>(decoded.data()),
              static_cast<std::size_t>(decoded.size())});
        preview.text += QLatin1Char('\n');
    }
    preview.text += QStringLiteral("\"sig\": ");
    preview.masks.push_back({static_cast<int>(preview.text.size()), dots, severity});
    preview.text += QString(dots, QChar(0x2022));
    return preview;
}

} // namespace coredact

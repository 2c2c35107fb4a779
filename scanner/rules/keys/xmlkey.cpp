// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/xmlkey.h"

#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/base64.h"
#include "scanner/rules/keys/numberkeys.h"

#include <algorithm>

namespace coredact {

namespace {

/// The content of child elements, by name.
class Children {
public:
    Children(ByteView bytes, std::size_t begin, std::size_t end, bool escaped)
        : m_bytes(bytes.subspan(begin, end - begin))
        , m_offset(begin)
        , m_open(escaped ? "&lt;" : "<")
        , m_close(escaped ? "&gt;" : ">")
    {
    }

    /// Empty when there is no such child.
    Span span(const std::string& name) const
    {
        const std::string_view text = asText(m_bytes);
        const std::string head = m_open + name + m_close;
        const std::size_t begin = text.find(head);
        if (begin == std::string_view::npos)
            return {};
        const std::size_t end = text.find(m_open + "/" + name + m_close, begin + head.size());
        if (end == std::string_view::npos)
            return {};
        return {m_offset + begin + head.size(), m_offset + end};
    }

    BigNumber number(const std::string& name) const
    {
        const Span place = span(name);
        SecretBytes characters;
        for (std::size_t at = place.begin; at < place.end; ++at)
            if (const std::uint8_t byte = m_bytes[at - m_offset]; isBase64(byte))
                characters.push_back(byte);
        return BigNumber::fromBigEndian(decodeBase64(characters));
    }

private:
    ByteView m_bytes;
    std::size_t m_offset;
    std::string m_open;
    std::string m_close;
};

} // namespace

std::optional<XmlKey> readXmlKey(ByteView bytes, std::size_t position)
{
    const bool escaped = standsAt(bytes, position, "&lt;");
    const std::size_t name = position + (escaped ? 4 : 1);
    XmlKey found;
    found.rsa = standsAt(bytes, name, "RSAKeyValue");
    if (!found.rsa && !standsAt(bytes, name, "DSAKeyValue"))
        return std::nullopt;
    const std::size_t limit = std::min(bytes.size(), position + maximumXmlKey);
    const std::string_view text = asText(bytes.first(limit));
    // Up to its end, or to the next one where this one breaks off: no byte belongs to two.
    const std::size_t end = text.find("SAKeyValue", name + 2);
    const Children children(bytes, name, std::min(end, limit), escaped);
    std::optional<PrivateKey> key;
    if (found.rsa)
        key = rsaKeyOf(children.number("Modulus"), children.number("Exponent"),
                       children.number("D"), children.number("P"), children.number("Q"));
    else
        key = logKeyOf("DSA",
                       {children.number("P"), children.number("Q"), children.number("G"),
                        children.number("Y"), children.number("X")});
    if (!key)
        return std::nullopt;
    found.key = std::move(*key);
    const auto secretNames = found.rsa
        ? std::vector<std::string> {"P", "Q", "DP", "DQ", "InverseQ", "D"}
        : std::vector<std::string> {"X"};
    for (const std::string& secret : secretNames)
        if (const Span span = children.span(secret); span.begin < span.end)
            found.secrets.push_back(span);
    return found;
}

} // namespace coredact

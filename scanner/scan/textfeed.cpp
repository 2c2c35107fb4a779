// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/textfeed.h"

#include "scanner/rules/codec.h"
#include "scanner/scan/escapes.h"
#include "scanner/scan/listview.h"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <string>
#include <utility>

namespace coredact {

class TextFeed::Layer {
public:
    static constexpr int end = -1;

    virtual ~Layer() = default;
    virtual int next() = 0;
};

/// The bytes under the text.
class TextFeed::Bottom : public TextFeed::Layer {
public:
    explicit Bottom(Feed& under)
        : m_under(under)
        , m_bytes(4096)
    {
    }
    int next() override
    {
        if (m_at == m_end) {
            m_at = 0;
            m_end = m_under.read(m_bytes);
            if (m_end == 0)
                return end;
        }
        ++m_taken;
        return m_bytes[m_at++];
    }
    std::uint64_t taken() const { return m_taken; }

private:
    Feed& m_under;
    SecretBytes m_bytes;
    std::size_t m_at = 0;
    std::size_t m_end = 0;
    std::uint64_t m_taken = 0;
};

namespace {

using Layer = TextFeed::Layer;

/// Characters of two or four bytes, of which one is not zero.
class Narrowed : public Layer {
public:
    Narrowed(Layer& under, std::size_t width, std::size_t place)
        : m_under(under)
        , m_width(width)
        , m_place(place)
    {
    }
    int next() override
    {
        int character = end;
        for (std::size_t i = 0; i < m_width; ++i) {
            const int byte = m_under.next();
            if (i == m_place)
                character = byte;
            else if (byte != 0)
                return end;
        }
        return character;
    }

private:
    Layer& m_under;
    std::size_t m_width;
    std::size_t m_place;
};

class FromBase64 : public Layer {
public:
    FromBase64(Layer& under, unsigned phase)
        : m_under(under)
        , m_dropped(2 * phase)
    {
    }
    int next() override
    {
        while (m_bits < 8) {
            const int value = digit();
            if (value == end)
                return end;
            m_held = m_held << 6U | static_cast<unsigned>(value);
            m_bits += 6 - m_dropped;
            m_dropped = 0;
        }
        m_bits -= 8;
        return static_cast<int>(m_held >> m_bits & 0xffU);
    }

private:
    static bool separates(int byte)
    {
        return byte == '\n' || byte == '\r' || byte == ' ' || byte == '\t';
    }
    /// The value of the next character, past line breaks, also those written as \n.
    int digit()
    {
        for (;;) {
            int byte = m_under.next();
            if (byte == '\\') {
                byte = m_under.next();
                if (byte != 'n' && byte != 'r')
                    return end;
            } else if (byte == end || !separates(byte)) {
                return byte == end || base64Values[static_cast<std::size_t>(byte)] == 0xff
                    ? end
                    : base64Values[static_cast<std::size_t>(byte)];
            }
        }
    }

    Layer& m_under;
    unsigned m_dropped; ///< bits of the first character that belong to what stands before
    unsigned m_held = 0;
    unsigned m_bits = 0; ///< of those held that were not given yet
};

/// Pairs of digits, all or none of which are kept apart.
class FromHex : public Layer {
public:
    explicit FromHex(Layer& under)
        : m_under(under)
    {
    }
    int next() override
    {
        int byte = m_under.next();
        if (m_given && (byte == ' ' || byte == ':' || byte == '-' || byte == ','))
            byte = m_under.next();
        m_given = true;
        const int high = hexDigit(byte);
        const int low = high == end ? end : hexDigit(m_under.next());
        return low == end ? end : high * 16 + low;
    }

private:
    Layer& m_under;
    bool m_given = false;
};

class WithoutEscapes : public Layer {
public:
    WithoutEscapes(Layer& under, int mark)
        : m_under(under)
        , m_mark(mark)
    {
    }
    int next() override
    {
        const int byte = m_spare == end ? m_under.next() : std::exchange(m_spare, end);
        if (byte != m_mark)
            return isOfText(byte) ? byte : end;
        auto more = [&] { return m_under.next(); };
        EscapeReader reader(more);
        const Escape escape = reader.read(m_mark);
        m_spare = reader.spare();
        return escape.size == 0 ? end : escape.value;
    }

private:
    bool isOfText(int byte) const
    {
        return byte == '\t' || (byte >= 0x20 && byte != 0x7f)
            || (m_mark == '&' && (byte == '\n' || byte == '\r'));
    }

    Layer& m_under;
    int m_mark;
    int m_spare = end; ///< was read with the escape before it
};

/// Items of a list of numbers.
class FromList : public Layer {
public:
    explicit FromList(Layer& under)
        : m_under(under)
    {
    }
    int next() override
    {
        int character = m_spare == end ? m_under.next() : std::exchange(m_spare, end);
        while (separatesListed(character))
            character = m_under.next();
        std::string item;
        for (; std::isalnum(character) != 0 || character == '-'; character = m_under.next()) {
            item += static_cast<char>(character);
            if (item.size() > longest)
                return end;
        }
        m_spare = character;
        const auto byte = listedByte(item);
        return byte ? *byte : end;
    }

private:
    static constexpr std::size_t longest = 4;

    Layer& m_under;
    int m_spare = end; ///< was read with the item before it
};

std::unique_ptr<Layer> layerFor(std::string_view name, Layer& under, unsigned& phases)
{
    if (name == "base64") {
        const unsigned phase = phases % 3;
        phases /= 3;
        return std::make_unique<FromBase64>(under, phase);
    }
    if (name == "hex")
        return std::make_unique<FromHex>(under);
    if (name == "utf-16le")
        return std::make_unique<Narrowed>(under, 2, 0);
    if (name == "utf-16be")
        return std::make_unique<Narrowed>(under, 2, 1);
    if (name == "utf-32le")
        return std::make_unique<Narrowed>(under, 4, 0);
    if (name == "list")
        return std::make_unique<FromList>(under);
    if (name == "utf-32be")
        return std::make_unique<Narrowed>(under, 4, 3);
    assert(name == "percent" || name == "escaped" || name == "html");
    return std::make_unique<WithoutEscapes>(under,
                                            name == "percent"    ? '%'
                                                : name == "html" ? '&'
                                                                 : '\\');
}

/// Calls `take` with each name in it.
template <typename Take> void forEachName(std::string_view wrapping, const Take& take)
{
    while (!wrapping.empty()) {
        const std::size_t end = std::min(wrapping.find('+'), wrapping.size());
        take(wrapping.substr(0, end));
        wrapping.remove_prefix(std::min(end + 1, wrapping.size()));
    }
}

} // namespace

TextFeed::TextFeed(std::unique_ptr<Feed> under, std::string_view wrapping, unsigned phases)
    : m_under(std::move(under))
{
    auto bottom = std::make_unique<Bottom>(*m_under);
    m_bottom = bottom.get();
    m_layers.push_back(std::move(bottom));
    forEachName(wrapping, [&](std::string_view name) {
        m_layers.push_back(layerFor(name, *m_layers.back(), phases));
    });
}

TextFeed::~TextFeed() = default;

std::size_t TextFeed::read(MutableByteView buffer)
{
    Layer& top = *m_layers.back();
    std::size_t size = 0;
    for (; size < buffer.size(); ++size) {
        const int byte = top.next();
        if (byte == Layer::end)
            break;
        buffer[size] = static_cast<std::uint8_t>(byte);
    }
    return size;
}

std::uint64_t TextFeed::taken() const { return m_bottom->taken(); }

unsigned phasesOf(std::string_view wrapping)
{
    unsigned phases = 1;
    forEachName(wrapping, [&](std::string_view name) { phases *= name == "base64" ? 3 : 1; });
    return phases;
}

} // namespace coredact

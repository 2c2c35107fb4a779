// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/regex/tree.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace coredact {

namespace {

constexpr std::size_t deepest = 100;
/// RE2 refuses more, nested repetitions multiplied.
constexpr std::size_t mostRepeats = 1000;

ByteSet range(unsigned first, unsigned last)
{
    return ByteSet().set() >> (255 - (last - first)) << first;
}

ByteSet one(char c) { return range(static_cast<unsigned char>(c), static_cast<unsigned char>(c)); }

/// \d, \w, \s and their opposites.
std::optional<ByteSet> classOf(char letter)
{
    switch (letter) {
    case 'd':
        return range('0', '9');
    case 'w':
        return range('0', '9') | range('A', 'Z') | range('a', 'z') | one('_');
    case 's':
        return range('\t', '\n') | range('\f', '\r') | one(' ');
    case 'D':
    case 'W':
    case 'S':
        return ~*classOf(static_cast<char>(letter + 32));
    default:
        return std::nullopt;
    }
}

std::optional<ByteSet> posixClass(std::string_view name)
{
    const ByteSet alpha = range('A', 'Z') | range('a', 'z');
    const ByteSet digit = range('0', '9');
    if (name == "alpha")
        return alpha;
    if (name == "digit")
        return digit;
    if (name == "alnum")
        return alpha | digit;
    if (name == "lower")
        return range('a', 'z');
    if (name == "upper")
        return range('A', 'Z');
    if (name == "xdigit")
        return digit | range('A', 'F') | range('a', 'f');
    if (name == "space")
        return range('\t', '\r') | one(' ');
    if (name == "word")
        return classOf('w');
    return std::nullopt;
}

ByteSet inAnyCase(ByteSet set)
{
    static const ByteSet small = range('a', 'z');
    const ByteSet letters = (set | set << 32) & small;
    return set | letters | letters >> 32;
}

std::size_t plus(std::size_t a, std::size_t b) { return a > unbounded - b ? unbounded : a + b; }

std::size_t times(std::size_t a, std::size_t b)
{
    if (a == 0 || b == 0)
        return 0;
    return a > unbounded / b ? unbounded : a * b;
}

class Parser {
public:
    explicit Parser(std::string_view text)
        : m_text(text)
    {
    }

    std::optional<Regex> parse()
    {
        Regex regex;
        regex.root = choice(0);
        regex.groups = m_groups;
        const std::size_t most = repeats(regex.root);
        if (m_failed || m_at != m_text.size() || most > mostRepeats)
            return std::nullopt;
        regex.size = plus(sizeOf(regex.root), 2 * static_cast<std::size_t>(m_groups) * most);
        return regex;
    }

private:
    struct Flags {
        bool anyCase = false;
        bool dotTakesLines = false;
    };

    bool done() const { return m_failed || m_at >= m_text.size(); }
    bool next(std::string_view what)
    {
        if (m_text.substr(m_at, what.size()) != what)
            return false;
        m_at += what.size();
        return true;
    }
    void fail() { m_failed = true; }

    RegexNode choice(std::size_t depth)
    {
        RegexNode node {RegexNode::Kind::Choice};
        if (depth > deepest)
            fail();
        do
            node.parts.push_back(sequence(depth));
        while (!m_failed && next("|"));
        return node.parts.size() == 1 ? std::move(node.parts.front()) : std::move(node);
    }

    RegexNode sequence(std::size_t depth)
    {
        RegexNode node;
        while (!done() && m_text[m_at] != '|' && m_text[m_at] != ')')
            if (auto part = atom(depth))
                node.parts.push_back(repeated(std::move(*part)));
        return node.parts.size() == 1 ? std::move(node.parts.front()) : std::move(node);
    }

    RegexNode repeated(RegexNode part)
    {
        std::size_t least = 0;
        std::size_t most = unbounded;
        if (next("?"))
            most = 1;
        else if (next("+"))
            least = 1;
        else if (!next("*") && !counts(least, most))
            return part;
        next("?"); // whether it is lazy changes nothing here
        if (!done() && std::string_view("*+?{").find(m_text[m_at]) != std::string_view::npos)
            fail();
        RegexNode node {RegexNode::Kind::Repeat};
        node.parts.push_back(std::move(part));
        node.least = least;
        node.most = most;
        return node;
    }

    /// "{n}", "{n,}" or "{n,m}".
    bool counts(std::size_t& least, std::size_t& most)
    {
        const std::size_t before = m_at;
        if (!next("{"))
            return false;
        if (number(least)) {
            most = least;
            if (next(",") && !number(most))
                most = unbounded;
            if (next("}")) {
                if (least > mostRepeats
                    || (most != unbounded && (most > mostRepeats || most < least)))
                    fail();
                return true;
            }
        }
        fail(); // a brace that stands for itself, perhaps
        m_at = before;
        return false;
    }

    bool number(std::size_t& value)
    {
        const char* begin = m_text.data() + m_at;
        const auto [end, error] = std::from_chars(begin, m_text.data() + m_text.size(), value);
        if (error != std::errc())
            return false;
        m_at += static_cast<std::size_t>(end - begin);
        return true;
    }

    /// Nothing for a group of flags.
    std::optional<RegexNode> atom(std::size_t depth)
    {
        if (next("("))
            return group(depth);
        if (next("["))
            return bytes(bracket());
        if (next("."))
            return bytes(m_flags.dotTakesLines ? ByteSet().set() : ~one('\n'));
        if (next("^") || next("$") || next("\\b") || next("\\B") || next("\\A") || next("\\z"))
            return RegexNode {RegexNode::Kind::Edge};
        if (m_text[m_at] == '\\')
            return bytes(folded(escape()));
        if (m_text[m_at] == '*' || m_text[m_at] == '+' || m_text[m_at] == '?')
            fail();
        return bytes(folded(one(m_text[m_at++])));
    }

    std::optional<RegexNode> group(std::size_t depth)
    {
        const Flags before = m_flags;
        if (next("?")) {
            readFlags();
            if (next(")"))
                return std::nullopt;
            if (!next(":"))
                fail();
        } else {
            ++m_groups;
        }
        RegexNode node = m_failed ? RegexNode() : choice(depth + 1);
        if (!next(")"))
            fail();
        m_flags = before;
        return node;
    }

    void readFlags()
    {
        bool on = true;
        while (!done() && m_text[m_at] != ':' && m_text[m_at] != ')') {
            const char flag = m_text[m_at++];
            if (flag == '-' && on)
                on = false;
            else if (flag == 'i')
                m_flags.anyCase = on;
            else if (flag == 's')
                m_flags.dotTakesLines = on;
            else if (flag != 'm')
                fail();
        }
    }

    RegexNode bytes(ByteSet set)
    {
        if (set.none())
            fail();
        RegexNode node {RegexNode::Kind::Bytes};
        node.bytes = set;
        return node;
    }

    ByteSet folded(ByteSet set) const { return m_flags.anyCase ? inAnyCase(set) : set; }

    ByteSet escape()
    {
        ++m_at;
        if (done()) {
            fail();
            return {};
        }
        const char c = m_text[m_at++];
        if (const auto set = classOf(c))
            return *set;
        constexpr std::string_view letters = "ntrfva";
        constexpr std::string_view meant = "\n\t\r\f\v\a";
        if (const std::size_t index = letters.find(c); index != letters.npos)
            return one(meant[index]);
        if (c == 'x')
            return hex();
        const bool word = (*classOf('w'))[static_cast<unsigned char>(c)];
        if (word || static_cast<unsigned char>(c) >= 0x80)
            fail();
        return one(c);
    }

    ByteSet hex()
    {
        const bool braces = next("{");
        const std::size_t size
            = braces ? std::min(m_text.find('}', m_at), m_text.size()) - m_at : 2;
        const std::string_view digits = m_text.substr(m_at, size);
        unsigned value = 0;
        const auto [end, error]
            = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        m_at += digits.size();
        if (error != std::errc() || digits.size() != size || end != digits.data() + size
            || value > 0xff || (braces && !next("}")))
            fail();
        return range(value & 0xff, value & 0xff);
    }

    /// After "[".
    ByteSet bracket()
    {
        const bool others = next("^");
        ByteSet set;
        for (bool first = true; !m_failed && (first || !next("]")); first = false)
            set |= bracketPart();
        set = folded(set);
        return others ? ~set : set;
    }

    ByteSet bracketPart()
    {
        if (next("[:")) {
            const std::size_t end = std::min(m_text.find(":]", m_at), m_text.size());
            const auto set = posixClass(m_text.substr(m_at, end - m_at));
            m_at = end;
            if (!set || !next(":]"))
                fail();
            return set.value_or(ByteSet());
        }
        const ByteSet first = bracketByte();
        if (done() || m_text[m_at] != '-' || m_text.substr(m_at, 2) == "-]")
            return first;
        ++m_at;
        const ByteSet last = bracketByte();
        if (m_failed || first.count() != 1 || last.count() != 1 || value(first) > value(last)) {
            fail();
            return {};
        }
        return range(value(first), value(last));
    }

    ByteSet bracketByte()
    {
        if (done()) {
            fail();
            return {};
        }
        return m_text[m_at] == '\\' ? escape() : one(m_text[m_at++]);
    }

    static unsigned value(const ByteSet& set) { return static_cast<unsigned>(set._Find_first()); }

    /// How often neighbouring bytes differ in being of the set.
    static std::size_t edgesOf(const ByteSet& bytes)
    {
        ByteSet differ = bytes ^ bytes >> 1;
        differ.reset(differ.size() - 1); // has no neighbour
        return differ.count();
    }

    static std::size_t sizeOf(const RegexNode& node)
    {
        std::size_t size = 1;
        if (node.kind == RegexNode::Kind::Bytes)
            size += edgesOf(node.bytes);
        for (const RegexNode& part : node.parts)
            size = plus(size, sizeOf(part));
        if (node.kind != RegexNode::Kind::Repeat)
            return size;
        return times(size, node.most != unbounded ? node.most : node.least + 1);
    }

    static std::size_t repeats(const RegexNode& node)
    {
        std::size_t inside = 1;
        for (const RegexNode& part : node.parts)
            inside = std::max(inside, repeats(part));
        if (node.kind != RegexNode::Kind::Repeat)
            return inside;
        const std::size_t times = node.most != unbounded ? node.most : node.least;
        return std::min(inside, mostRepeats + 1) * std::max<std::size_t>(times, 1);
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    Flags m_flags;
    int m_groups = 0;
    bool m_failed = false;
};

} // namespace

std::optional<Regex> parseRegex(std::string_view text) { return Parser(text).parse(); }

RegexWidth widthOf(const RegexNode& node)
{
    RegexWidth width;
    switch (node.kind) {
    case RegexNode::Kind::Bytes:
        return {1, 1};
    case RegexNode::Kind::Edge:
        break;
    case RegexNode::Kind::Sequence:
        for (const RegexNode& part : node.parts) {
            const RegexWidth one = widthOf(part);
            width = {plus(width.least, one.least), plus(width.most, one.most)};
        }
        break;
    case RegexNode::Kind::Choice:
        width = {unbounded, 0};
        for (const RegexNode& part : node.parts) {
            const RegexWidth one = widthOf(part);
            width = {std::min(width.least, one.least), std::max(width.most, one.most)};
        }
        break;
    case RegexNode::Kind::Repeat: {
        const RegexWidth one = widthOf(node.parts.front());
        width = {times(one.least, node.least), times(one.most, node.most)};
        break;
    }
    }
    return width;
}

} // namespace coredact

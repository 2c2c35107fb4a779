// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/regex/tree.h"

namespace coredact {

namespace {

void addByte(std::string& out, unsigned byte)
{
    constexpr std::string_view digits = "0123456789abcdef";
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    if (letter || (byte >= '0' && byte <= '9') || byte == '_') {
        out += static_cast<char>(byte);
    } else {
        out += "\\x";
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
}

void addSet(std::string& out, const ByteSet& set)
{
    if (set.count() == 1) {
        addByte(out, static_cast<unsigned>(set._Find_first()));
        return;
    }
    out += '[';
    for (unsigned first = 0; first < 256; ++first) {
        if (!set[first])
            continue;
        unsigned last = first;
        while (last + 1 < 256 && set[last + 1])
            ++last;
        addByte(out, first);
        if (last > first + 1)
            out += '-';
        if (last > first)
            addByte(out, last);
        first = last;
    }
    out += ']';
}

void addNode(std::string& out, const RegexNode& node);

void addChoice(std::string& out, const RegexNode& node)
{
    out += "(?:";
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
        if (i > 0)
            out += '|';
        addNode(out, node.parts[i]);
    }
    out += ')';
}

void addRepeat(std::string& out, const RegexNode& node)
{
    const RegexNode& part = node.parts.front();
    const bool bare = part.kind == RegexNode::Kind::Bytes;
    if (!bare)
        out += "(?:";
    addNode(out, part);
    if (!bare)
        out += ')';
    out += '{' + std::to_string(node.least);
    if (node.most == unbounded)
        out += ',';
    else if (node.most != node.least)
        out += ',' + std::to_string(node.most);
    out += '}';
}

void addNode(std::string& out, const RegexNode& node)
{
    switch (node.kind) {
    case RegexNode::Kind::Bytes:
        addSet(out, node.bytes);
        break;
    case RegexNode::Kind::Sequence:
        for (const RegexNode& part : node.parts)
            addNode(out, part);
        break;
    case RegexNode::Kind::Choice:
        addChoice(out, node);
        break;
    case RegexNode::Kind::Repeat:
        if (node.most > 0)
            addRepeat(out, node);
        break;
    case RegexNode::Kind::Edge:
        break;
    }
}

} // namespace

std::string toText(const RegexNode& node)
{
    std::string out;
    addNode(out, node);
    return out;
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/escapes.h"

#include <algorithm>

namespace coredact {

std::optional<std::uint8_t> namedEscape(std::uint8_t name)
{
    switch (name) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case '"':
    case '\'':
    case '/':
    case '\\':
        return name;
    default:
        return std::nullopt;
    }
}

namespace {

struct Reference {
    std::string_view name;
    std::uint8_t value;
};

/// Those of HTML that stand for ASCII; the no-break space reads as a space.
constexpr std::array<Reference, 33> references {{
    {"amp", '&'},    {"quot", '"'},     {"lt", '<'},     {"gt", '>'},     {"apos", '\''},
    {"nbsp", ' '},   {"NewLine", '\n'}, {"Tab", '\t'},   {"equals", '='}, {"sol", '/'},
    {"plus", '+'},   {"colon", ':'},    {"commat", '@'}, {"period", '.'}, {"comma", ','},
    {"lowbar", '_'}, {"semi", ';'},     {"num", '#'},    {"dollar", '$'}, {"percnt", '%'},
    {"excl", '!'},   {"quest", '?'},    {"ast", '*'},    {"lpar", '('},   {"rpar", ')'},
    {"lsqb", '['},   {"rsqb", ']'},     {"lcub", '{'},   {"rcub", '}'},   {"bsol", '\\'},
    {"Hat", '^'},    {"verbar", '|'},   {"grave", '`'},
}};

} // namespace

std::optional<std::uint8_t> namedReference(std::string_view name)
{
    const auto found = std::find_if(references.begin(), references.end(),
                                    [&](const Reference& one) { return one.name == name; });
    return found == references.end() ? std::nullopt : std::optional(found->value);
}

} // namespace coredact

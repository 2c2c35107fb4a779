// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/javatypes.h"

#include "scanner/base/ascii.h"

#include <algorithm>
#include <array>

namespace coredact {

using namespace std::string_view_literals;

namespace {

bool isPackage(std::string_view name)
{
    const auto isPart = [](char c) { return isSmall(c) || isDigit(c) || c == '_'; };
    return !name.empty() && !isDigit(name[0]) && std::all_of(name.begin(), name.end(), isPart);
}

bool isSimpleName(std::string_view name)
{
    const auto isPart = [](char c) { return isLetter(c) || isDigit(c) || c == '_' || c == '$'; };
    return !name.empty() && !isDigit(name[0]) && std::all_of(name.begin(), name.end(), isPart);
}

/// A class by its packages, as in "java/util/Map$Entry".
bool isClass(std::string_view name)
{
    constexpr std::array roots {"java"sv, "javax"sv, "jdk"sv,     "sun"sv,    "com"sv,  "org"sv,
                                "net"sv,  "io"sv,    "jakarta"sv, "kotlin"sv, "scala"sv};
    const std::size_t last = name.rfind('/');
    if (last == name.npos || !isSimpleName(name.substr(last + 1)))
        return false;
    std::string_view packages = name.substr(0, last);
    if (std::find(roots.begin(), roots.end(), packages.substr(0, packages.find('/')))
        == roots.end())
        return false;
    for (std::size_t slash = packages.find('/'); slash != packages.npos;
         slash = packages.find('/')) {
        packages.remove_prefix(slash + 1);
        if (!isPackage(packages.substr(0, packages.find('/'))))
            return false;
    }
    return true;
}

/// Descriptors one after the other.
class Descriptors {
public:
    explicit Descriptors(std::string_view text)
        : m_rest(text)
    {
    }

    /// Takes one off the front, if one stands there.
    bool take()
    {
        const std::size_t begin = std::min(m_rest.find_first_not_of('['), m_rest.size());
        if (begin == m_rest.size())
            return false;
        std::size_t end = begin + 1;
        if (m_rest[begin] == 'L') {
            const std::size_t semicolon = m_rest.find(';', end);
            if (semicolon == m_rest.npos || !isClass(m_rest.substr(end, semicolon - end)))
                return false;
            end = semicolon + 1;
            m_anyClass = true;
        } else if ("BCDFIJSZ"sv.find(m_rest[begin]) == std::string_view::npos) {
            return false;
        }
        m_rest.remove_prefix(end);
        return true;
    }

    std::string_view rest() const { return m_rest; }
    bool anyClass() const { return m_anyClass; }

private:
    std::string_view m_rest;
    bool m_anyClass = false;
};

bool isMethod(std::string_view text)
{
    if (!text.starts_with('('))
        return false;
    Descriptors types(text.substr(1));
    while (types.take()) { }
    if (!types.rest().starts_with(')'))
        return false;
    Descriptors result(types.rest().substr(1));
    return result.rest() == "V" || (result.take() && result.rest().empty());
}

bool areFields(std::string_view text)
{
    Descriptors types(text);
    while (types.take()) { }
    return types.rest().empty() && types.anyClass();
}

} // namespace

bool isJavaType(std::string_view text)
{
    return isMethod(text) || areFields(text) || isClass(text);
}

} // namespace coredact

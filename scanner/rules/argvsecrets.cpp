// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords among the arguments of a program as they lie in memory: strings with a NUL behind each,
// the program first. An option of one letter says nothing by itself, so the program must be one
// whose option is known to take a password (the manual pages of each).
#include "scanner/base/characters.h"
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/noise.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t shortest = 3;
constexpr std::size_t longest = 200;
/// Bytes between the program and the option, in arguments however many and long; less than a
/// window's context. A password farther behind is not found, which cannot be told: tables of the
/// names of options, with a hundred of one letter in some libraries, look the same.
constexpr std::size_t mostBefore = 2000;

/// How a program takes a password.
struct Option {
    std::string_view programs; ///< names with a blank before and behind each
    char letter;
    bool isApart; ///< an argument of its own
    char separator = 0; ///< between a user and the password
    std::string_view command {}; ///< that must stand before it
};

constexpr std::array options {
    Option {" sshpass ncftp ncftpget ncftpput mongo mongosh mongodump mongorestore mongoexport "
            "crackmapexec smbmap rdesktop ",
            'p', true},
    Option {" sshpass mysql mysqldump mysqladmin mysqlimport mysqlcheck mysqlshow mariadb "
            "mariadb-dump mariadb-admin mariadb-import mariadb-check mariadb-show mariadb-backup "
            "7z 7za 7zr 7zz rar unrar ",
            'p', false},
    Option {" docker podman buildah skopeo oras helm ", 'p', true, 0, "login"},
    Option {" zip unzip mosquitto_pub mosquitto_sub mosquitto_rr ipmitool sqlcmd bcp tsql ", 'P',
            true},
    Option {" redis-cli valkey-cli ", 'a', true},
    Option {" ldapsearch ldapmodify ldapadd ldapdelete ldapwhoami ldappasswd ldapcompare "
            "ldapmodrdn ldapexop ",
            'w', true},
    Option {" curl curl.exe ", 'u', true, ':'},
    Option {" lftp ", 'u', true, ','},
    Option {" smbclient rpcclient net smbget smbcacls ", 'U', true, '%'},
};

std::span<const RuleInfo> argvRules()
{
    static const std::array rules {
        RuleInfo {"argument-vector-password",
                  "Password in a command line",
                  Severity::High,
                  "A password among the arguments of a program, as they lie in its memory. Every "
                  "user of the machine can read those while it runs.",
                  "Change the password, and the same password wherever else it is used.",
                  {"generic", "password"},
                  12},
    };
    return rules;
}

bool isOfArgument(std::uint8_t byte) { return byte >= 0x20 && byte != 0x7f; }

/// The string that ends before the NUL at `end`; nothing where what stands there, or from `floor`
/// on, is none.
std::optional<std::string_view> stringBefore(ByteView bytes, std::size_t floor, std::size_t end)
{
    std::size_t begin = end;
    while (begin > floor && isOfArgument(bytes[begin - 1]))
        --begin;
    if (begin == end || (begin > 0 && bytes[begin - 1] != 0))
        return std::nullopt;
    return asText(bytes.subspan(begin, end - begin));
}

bool isAmong(std::string_view programs, std::string_view path)
{
    const std::string name = ' ' + std::string(path.substr(path.rfind('/') + 1)) + ' ';
    return name.size() > 2 && programs.find(name) != programs.npos;
}

/// Whether the strings before the NUL at `end` are a command line of a program with this option.
bool takes(const Option& option, ByteView bytes, std::size_t end)
{
    bool commanded = option.command.empty();
    const std::size_t floor = end - std::min(end, mostBefore);
    while (end > floor) {
        const auto text = stringBefore(bytes, floor, end);
        if (!text)
            return false;
        if (isAmong(option.programs, *text))
            return commanded;
        commanded = commanded || *text == option.command;
        end -= std::min(end, text->size() + 1);
    }
    return false;
}

/// Where the password stands that the option at `at` gives.
Span valueOf(const Option& option, ByteView bytes, std::size_t at)
{
    std::size_t begin = at + 2 + (option.isApart ? 1 : 0);
    std::size_t end = begin;
    while (end < bytes.size() && end - begin <= longest && isOfArgument(bytes[end]))
        ++end;
    if (end == bytes.size() || bytes[end] != 0)
        return {};
    if (option.separator != 0) {
        const std::string_view text = asText(bytes.subspan(begin, end - begin));
        const std::size_t user = text.find(option.separator);
        if (user == 0 || user == text.npos)
            return {};
        begin += user + 1;
    } else if (option.isApart && begin < end && bytes[begin] == '-') {
        return {}; // another option
    }
    return end - begin >= shortest ? Span {begin, end} : Span {};
}

/// `position` is of the NUL before an option.
void lookAtOption(const Window& window, std::size_t position, MatchSink& sink)
{
    const ByteView bytes = window.bytes;
    const std::size_t at = position + 1;
    if (!window.fresh(position) || at + 2 >= bytes.size())
        return;
    for (const Option& option : options) {
        if (static_cast<char>(bytes[at + 1]) != option.letter
            || (bytes[at + 2] == 0) != option.isApart || !takes(option, bytes, position))
            continue;
        const Span span = valueOf(option, bytes, at);
        const ByteView value = bytes.subspan(span.begin, span.end - span.begin);
        if (value.empty() || !isWritten(value) || isPlaceholder(asText(value)))
            continue;
        Match match;
        match.rule = &argvRules()[0];
        match.confidence = Confidence::Likely;
        match.identity = Identity {"option", std::string("-") + option.letter};
        match.form = ValueForm::Text;
        match.spans = {span};
        sink.add(std::move(match));
        return;
    }
}

} // namespace

std::span<const ByteAnchor> argvsecretsAnchors()
{
    static const std::array anchors {
        anchorOf("\0-P\0"sv, "\xff\xff\xdf\x00"sv, 0, lookAtOption),
        anchorOf("\0-A\0"sv, "\xff\xff\xdf\xff"sv, 0, lookAtOption),
        anchorOf("\0-W\0"sv, "\xff\xff\xdf\xff"sv, 0, lookAtOption),
        anchorOf("\0-U\0"sv, "\xff\xff\xdf\xff"sv, 0, lookAtOption),
    };
    return anchors;
}

extern const Detector argvsecretsDetector;
const Detector argvsecretsDetector {"argvsecrets", argvRules, 2 * longest, nullptr, false};

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/validators/keyedvalue.h"

#include "scanner/base/ascii.h"
#include "scanner/base/characters.h"
#include "scanner/rules/compiledrule.h"
#include "scanner/rules/noise.h"
#include "scanner/rules/textrarity.h"

#include <algorithm>
#include <array>
#include <vector>

namespace coredact {

namespace {

bool isNameByte(char c) { return isLetter(c) || isDigit(c) || c == '_'; }

template <typename Words> bool holdsAny(std::string_view text, const Words& words)
{
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return text.find(word) != std::string_view::npos;
    });
}

/// \uXXXX of a letter that ASCII does not have: how messages in other languages are written.
bool isLocalized(std::string_view text)
{
    for (std::size_t at = text.find("\\u"); at != text.npos; at = text.find("\\u", at + 2)) {
        const std::string_view digits = text.substr(at + 2, 4);
        if (digits.size() == 4 && digits.substr(0, 2) != "00"
            && digits.find_first_not_of("0123456789abcdefABCDEF") == digits.npos)
            return true;
    }
    return false;
}

/// A name of what a program shows, asks or settles about a password.
bool isAboutPasswords(std::string_view name)
{
    constexpr auto parts = std::to_array<std::string_view>(
        {"label", "title",  "hint",   "help",    "placeholder", "prompt",   "message", "msg",
         "error", "forgot", "reset",  "invalid", "wrong",       "enter_pa", "enterpa", "show",
         "hide",  "repeat", "retype", "confirm", "missing",     "i18n",     "locale"});
    return holdsAny(name, parts);
}

/// Whether a value says again what its name says: InvalidToken = InvalidToken: ..., and in quotes
/// what Go writes JSON with: "db_password":
bool echoes(std::string_view name, std::string_view value)
{
    if (value.starts_with('"'))
        value.remove_prefix(1);
    const std::size_t size = std::min<std::size_t>(name.size(), 24);
    return size >= 6 && value.starts_with(name.substr(0, size));
}

std::string_view withoutBlanks(std::string_view line)
{
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == line.npos)
        return {};
    return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

bool isSetting(std::string_view line)
{
    if (line.front() == '#' || line.front() == ';' || line.front() == '!')
        return true;
    if (line.front() == '[')
        return line.back() == ']' && line.find_first_of("(,'\"") == line.npos;
    if (line.starts_with("- "))
        line = withoutBlanks(line.substr(2));
    std::size_t name = 0;
    while (name < line.size() && (isNameByte(line[name]) || line[name] == '.' || line[name] == '-'))
        ++name;
    if (name == 0)
        return false;
    const std::string_view rest = withoutBlanks(line.substr(name));
    if (rest.empty() || (rest.front() != '=' && rest.front() != ':'))
        return false;
    const std::string_view value = withoutBlanks(rest.substr(1));
    constexpr std::string_view ends = ",;:({[|&+\\)";
    return value.empty()
        || (!isProgramText(value) && ends.find(value.back()) == ends.npos && value.front() != '='
            && value.front() != '(' && value != "None" && value.find(" (") == value.npos);
}

bool isTextByte(char c) { return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\r' || c == '\n'; }

/// The nearest line that is not blank, before or after; `text` ends where the match begins or
/// begins where it ends.
std::string_view lineBefore(std::string_view text)
{
    std::size_t begin = text.size();
    while (begin > 0 && isTextByte(text[begin - 1]))
        --begin;
    text.remove_prefix(begin);
    while (!text.empty()) {
        const std::size_t end = text.find_last_of("\r\n");
        const std::string_view line = withoutBlanks(end == text.npos ? text : text.substr(end + 1));
        if (!line.empty())
            return line;
        text = end == text.npos ? std::string_view() : text.substr(0, end);
    }
    return {};
}

std::string_view lineAfter(std::string_view text)
{
    std::size_t end = 0;
    while (end < text.size() && isTextByte(text[end]))
        ++end;
    text = text.substr(0, end);
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == text.npos)
        return {};
    text.remove_prefix(begin);
    return withoutBlanks(text.substr(0, text.find_first_of("\r\n")));
}

std::string_view textBefore(const Candidate& candidate)
{
    const std::size_t size = std::min(candidate.match.begin, contextSize);
    return candidate.text({candidate.match.begin - size, candidate.match.begin});
}

std::string_view textAfter(const Candidate& candidate)
{
    return asText(candidate.window.subspan(candidate.match.end)).substr(0, contextSize);
}

/// The name at the end of the text: how long.
std::size_t nameAtEnd(std::string_view text)
{
    std::size_t size = 0;
    while (size < text.size() && (isNameByte(text[text.size() - size - 1])))
        ++size;
    return size;
}

/// Of a text that has more than ASCII: whether it speaks of passwords, as forms and messages do in
/// languages that saysWhatItIs does not know.
bool saysPassword(std::string_view text)
{
    constexpr auto parts = std::to_array<std::string_view>(
        {"парол",     "Парол",         "ПАРОЛ",    "лозинк",    "密码",      "密碼",
         "口令",      "パスワード",    "暗証",     "비밀번호",  "암호",      "şifre",
         "Şifre",     "ŞİFRE",         "hasł",     "Hasł",      "jelsz",     "Jelsz",
         "κωδικ",     "Κωδικ",         "סיסמ",     "كلمة",      "mật kh",    "Mật kh",
         "รหัส",       "lösenord",      "Lösenord", "slaptažod", "Slaptažod", "contraseñ",
         "Contraseñ", "palavra-passe", "Pasahitz", "zaporka"});
    return holdsAny(text, parts);
}

/// Chinese characters and the like, between which nobody puts blanks.
bool needsNoBlanks(std::uint32_t code)
{
    return code >= 0x0e00 && !(code >= 0x1e00 && code < 0x2e80);
}

/// As keyedValue, of a text that has more than ASCII.
KeyedValue foreignValue(std::string_view name, std::string_view value)
{
    const ByteView bytes = asBytes(value);
    if (!isWritten(bytes))
        return KeyedValue::Nothing;
    std::string plain; // an ASCII letter or sign for each other one
    bool isRunOn = false;
    for (std::size_t at = 0; at < bytes.size();) {
        const Character character = characterAt(bytes, at);
        at += character.size;
        if (character.code < 0x80)
            plain += static_cast<char>(character.code);
        else
            plain += isForeignLetter(character.code) ? 'n' : '+';
        isRunOn = isRunOn || needsNoBlanks(character.code);
    }
    if (saysPassword(asText(inUtf8(bytes))) || saysWhatItIs(plain))
        return KeyedValue::Nothing;
    const auto blanks = std::count(plain.begin(), plain.end(), ' ');
    if (!isWords(plain))
        return blanks > 1 ? KeyedValue::Prose : KeyedValue::Mixed;
    if (isRunOn || isAboutPasswords(lowerCase(name)))
        return KeyedValue::Nothing;
    return blanks > 0 ? KeyedValue::Prose : KeyedValue::Letters;
}

} // namespace

std::string lowerCase(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    return out;
}

bool isWords(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return isLetter(c) || c == '_' || c == '-' || c == ' ' || c == '.' || c == ',' || c == ':'
            || c == '\'' || c == '?' || c == '!';
    });
}

bool saysWhatItIs(std::string_view text)
{
    constexpr auto parts = std::to_array<std::string_view>(
        {"passw",   "passphrase", "passfield", "kennwort",    "contrase", "senha",    "wachtwoord",
         "heslo",   "parola",     "salasana",  "adgangskode", "lozinka",  "mot de",   "secret",
         "token",   "credential", "username",  "string",      "require",  "optional", "prompt",
         "field",   "input",      "label",     "plain",       "varchar",  "bytes",    "char",
         "getpass", "encrypt",    "invalid",   "incorrect",   "missing",  "callback", "function",
         "unicode", "object",     "boolean",   "default",     "argument", "option",   "param",
         "value",   "enter",      "textbox",   "nullptr",     "undef",    "define",   "private",
         "public",  "static",     "return",    "buffer",      "length",   "please"});
    return holdsAny(lowerCase(text), parts);
}

bool isPassphrase(std::string_view text)
{
    constexpr std::size_t shortest = 3;
    constexpr std::size_t longest = 12;
    constexpr std::size_t mostWords = 12;
    constexpr auto joints = std::to_array<std::string_view>(
        {"the",    "and",  "are",  "for",   "not",  "with", "from",   "you",  "your",
         "this",   "that", "must", "can",   "will", "has",  "have",   "was",  "were",
         "when",   "use",  "used", "all",   "new",  "any",  "its",    "our",  "old",
         "should", "been", "does", "which", "into", "only", "cannot", "other"});
    const std::string_view letters = text.substr(0, text.find_first_of(" -"));
    if (letters.size() == text.size() || saysWhatItIs(text))
        return false;
    const char joint = text[letters.size()];
    const bool beginCapital = isCapital(text[0]); // before a joint there may be nothing
    std::vector<std::string> words;
    for (std::size_t at = 0; at <= text.size(); at += words.back().size() + 1) {
        const std::string_view word = text.substr(at, text.find(joint, at) - at);
        if (word.size() < shortest || word.size() > longest || words.size() == mostWords)
            return false;
        const std::string_view rest = word.substr(1);
        const std::string small = lowerCase(word);
        if (!std::all_of(rest.begin(), rest.end(), isSmall) || !isLetter(word[0])
            || isSmall(word[0]) == beginCapital
            || std::find(joints.begin(), joints.end(), small) != joints.end()
            || std::find(words.begin(), words.end(), small) != words.end())
            return false;
        words.push_back(small);
    }
    return words.size() >= (joint == ' ' ? 2U : 3U);
}

bool isProgramText(std::string_view text)
{
    if (text.starts_with('$') || text.starts_with('@') || text.starts_with('&')
        || text.starts_with('*') || text.starts_with('!'))
        text.remove_prefix(1);
    if (text.ends_with(';') || text.ends_with(','))
        text.remove_suffix(1);
    std::size_t name = 0;
    while (name < text.size() && isNameByte(text[name]))
        ++name;
    if (name == 0 || isDigit(text[0]))
        return false;
    const std::string_view rest = text.substr(name);
    if (rest.starts_with("(") || rest.starts_with("[") || rest.starts_with("->")
        || rest.starts_with("::"))
        return true;
    if (!rest.starts_with(".") || rest.size() < 2)
        return false;
    constexpr auto objects = std::to_array<std::string_view>(
        {"self", "this", "args", "opts", "options", "config", "settings", "params", "request",
         "process", "ctx", "data", "props", "state", "event"});
    return isWords(rest.substr(1)) || isProgramText(rest.substr(1))
        || std::find(objects.begin(), objects.end(), text.substr(0, name)) != objects.end();
}

/// As ITU-T X.660 writes them: what encrypts with a password is called so, too.
static bool isObjectIdentifier(std::string_view text)
{
    constexpr std::ptrdiff_t fewestDots = 4;
    const auto isDot = [](char c) { return c == '.'; };
    return text.size() > 1 && text[0] >= '0' && text[0] <= '2' && isDot(text[1])
        && isDigit(text.back()) && text.find("..") == text.npos
        && std::count_if(text.begin(), text.end(), isDot) >= fewestDots
        && std::all_of(text.begin(), text.end(), [&](char c) { return isDot(c) || isDigit(c); });
}

KeyedValue keyedValue(std::string_view name, std::string_view value)
{
    if (value.starts_with('`') || value.starts_with("# ") || isPlaceholder(value)
        || (isProgramText(value) && !isDrawn(value)) || isLocalized(value) || echoes(name, value)
        || isObjectIdentifier(value))
        return KeyedValue::Nothing;
    if (!isAscii(asBytes(value)))
        return foreignValue(name, value);
    const bool blank = value.find(' ') != value.npos;
    const bool words = isWords(value);
    if ((words || blank) && saysWhatItIs(value))
        return KeyedValue::Nothing;
    if (!words || (!blank && (isLikeNoName(value) || isOfNoWord(value))))
        return isNumber(value) ? KeyedValue::Number : KeyedValue::Mixed;
    if (isAboutPasswords(lowerCase(name)))
        return KeyedValue::Nothing;
    return blank ? KeyedValue::Prose : KeyedValue::Letters;
}

bool standsAmongSettings(const Candidate& candidate)
{
    const std::string_view match = candidate.matchText();
    std::string_view before;
    std::string_view after;
    // What stands behind a byte that is no text is another text.
    if (isTextByte(match.front()))
        before = lineBefore(textBefore(candidate));
    if (isTextByte(match.back()))
        after = lineAfter(textAfter(candidate));
    if (before.empty() && after.empty())
        return false;
    return (before.empty() || isSetting(before)) && (after.empty() || isSetting(after));
}

bool standsAmongFields(const Candidate& candidate)
{
    const std::string_view after = textAfter(candidate);
    if (after.starts_with(' ')) {
        std::size_t name = 1;
        while (name < after.size() && (isNameByte(after[name]) || after[name] == '.'))
            ++name;
        if (name > 1 && name + 1 < after.size() && after[name] == '=' && after[name + 1] != ' '
            && after[name + 1] != '=')
            return true;
    }
    std::string_view before = textBefore(candidate);
    if (!before.ends_with(' '))
        return false;
    before.remove_suffix(1);
    const std::string_view field = before.substr(before.find_last_of(" \t\r\n") + 1);
    const std::size_t equals = field.find('=');
    return equals != field.npos && equals > 0 && equals + 1 < field.size()
        && nameAtEnd(field.substr(0, equals)) == equals && !field.ends_with(',')
        && field[equals + 1] != '=';
}

} // namespace coredact

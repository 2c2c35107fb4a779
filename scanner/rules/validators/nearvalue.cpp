// SPDX-License-Identifier: GPL-3.0-or-later
// Values that stand near the name of a password in a writing that no other rule knows: in a
// sentence ("the password is ..."), in a call, in a term, behind a blank, on the next line.
#include "scanner/base/ascii.h"
#include "scanner/rules/chosentext.h"
#include "scanner/rules/generatedtext.h"
#include "scanner/rules/noise.h"
#include "scanner/rules/textrarity.h"
#include "scanner/rules/validators/keyedvalue.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::size_t shortest = 8;
constexpr std::size_t longest = screenMargin; ///< of the text behind a name that is looked at
constexpr std::size_t mostBetween = 5; ///< words between a name and its value

bool isIn(std::string_view set, char c) { return set.find(c) != set.npos; }
bool isText(char c) { return (c >= ' ' && c <= '~') || isIn("\t\r\n", c); }

bool has(std::string_view word, bool (*is)(char))
{
    return std::any_of(word.begin(), word.end(), is);
}

/// What stands between the words of a text and is hardly part of a password that is written there.
bool isBetween(char c) { return c <= ' ' || isIn("\"'`<>()[]{},;|\\", c); }

/// Whether a name that goes on so ("passwordHash", "password_file") is of something else.
bool isOfAnother(std::string_view rest)
{
    constexpr auto others = std::to_array<std::string_view>(
        {"hash", "digest", "file", "path", "url", "uri", "salt", "policy", "length", "field",
         "type", "manager", "expir", "hint", "ref", "arn", "ority", "trust"});
    if (rest.empty())
        return false;
    const std::string small = lowerCase(rest);
    return std::any_of(others.begin(), others.end(),
                       [&](std::string_view part) { return small.find(part) != small.npos; });
}

/// Whether a text that looks generated is what programs call a cipher or a digest.
bool isOfAlgorithm(std::string_view text)
{
    constexpr auto parts
        = std::to_array<std::string_view>({"hmac", "pbkdf", "sha1", "sha-1", "sha2", "sha-2",
                                           "sha3", "sha5", "aes1", "aes2", "aes-"});
    const std::string small = lowerCase(text);
    return std::any_of(parts.begin(), parts.end(),
                       [&](std::string_view part) { return small.find(part) != small.npos; });
}

/// Words that say no more than that a value follows.
bool saysOnlyThatItFollows(std::string_view word)
{
    constexpr auto words = std::to_array<std::string_view>(
        {"is",     "to",     "as",    "was",   "be",  "string", "str", "value", "data",
         "text",   "some",   "cdata", "set",   "key", "const",  "now", "new",   "bin",
         "binary", "bytes",  "b",     "n",     "u",   "r",      "f",   "0",     "plain",
         "ascii",  "/value", "/key",  "/name", "a",   "the",    "your"});
    const auto isSame = [](char a, char b) { return (isLetter(a) ? a | 0x20 : a) == b; };
    if (std::none_of(word.begin(), word.end(), [](char c) { return isLetter(c) || isDigit(c); }))
        return true;
    return std::any_of(words.begin(), words.end(), [&](std::string_view known) {
        return std::equal(word.begin(), word.end(), known.begin(), known.end(), isSame);
    });
}

struct Word {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool isMarked = false; ///< more than blanks stands between the name and it
    bool isIntroduced = false; ///< a sign or word right before it says that it is a value
    bool isOfCode = false; ///< what opens a call, a tag or a name of a program says so
    bool isListed = false; ///< a comma and a blank or the end of a line stand before it
    bool isEscaped = false; ///< behind a backslash that stands for no sign: of troff, a path
};

/// The words of a text, one after another.
class Words {
public:
    explicit Words(std::string_view text)
        : m_text(text)
    {
    }

    /// False at the end.
    bool next()
    {
        std::size_t at = m_end;
        m_word.isEscaped = false;
        m_word.isIntroduced = m_saidSo;
        m_word.isOfCode = false;
        while (at < m_text.size() && (isBetween(m_text[at]) || isIn(":=", m_text[at]))) {
            const bool isSign = isIn("\"'`<([{:=", m_text[at]);
            m_word.isMarked = m_word.isMarked || isSign;
            m_word.isIntroduced = m_word.isIntroduced || isSign;
            m_word.isOfCode = isSign ? isIn("`<({", m_text[at]) : m_word.isOfCode;
            const char next = at + 1 < m_text.size() ? m_text[at + 1] : '\0';
            m_word.isListed
                = m_word.isListed || (m_text[at] == ',' && next <= ' ') || m_text[at] == '\n';
            const bool isEscape = m_text[at] == '\\';
            m_word.isEscaped = isEscape && !isIn("\\nrt\"'/", next);
            at += isEscape && isIn("nrt", next) ? 2 : 1;
        }
        m_word.begin = at;
        while (at < m_text.size() && !isBetween(m_text[at]))
            ++at;
        m_end = at;
        m_word.end = at;
        while (m_word.end > m_word.begin && isIn(".:", m_text[m_word.end - 1]))
            --m_word.end;
        m_saidSo = (at > 0 && isIn(":=", m_text[at - 1])) || saysOnlyThatItFollows(text());
        return m_word.begin < at;
    }

    /// Without what ends a sentence.
    const Word& word() const { return m_word; }
    std::string_view text() const { return m_text.substr(m_word.begin, m_word.end - m_word.begin); }

    /// Whether the text goes on behind the word.
    bool isEnded() const { return m_end < m_text.size(); }

private:
    std::string_view m_text;
    Word m_word;
    std::size_t m_end = 0;
    bool m_saidSo = false;
};

/// The part of a word that is a value; empty where it is none.
using ValueOf
    = std::string_view (*)(std::string_view name, const Words& words, std::size_t between);

/// Names that hardly stand for anything else.
bool isOfPassword(std::string_view name)
{
    constexpr auto heads = std::to_array<std::string_view>({"passw", "passp", "kennw", "wachtw"});
    const std::string small = lowerCase(name);
    return std::any_of(heads.begin(), heads.end(),
                       [&](std::string_view head) { return small.starts_with(head); });
}

/// Behind what means a password.
std::string_view valueOfPassword(std::string_view name, const Words& words, std::size_t between)
{
    constexpr int surely = 20;
    constexpr int likely = 10;
    constexpr int perhaps = 4;
    const std::string_view text = words.text();
    const bool isSure = isOfPassword(name);
    const int enough = between > 0 ? surely : isSure ? perhaps : likely;
    if (const auto part = generatedPart(text, enough); !part.empty())
        return part;
    const ChosenText chosen = chosenText(text);
    const Word& word = words.word();
    const bool isNext = between == 0 && word.isMarked;
    const bool mayBeLetters = !word.isListed && !word.isOfCode;
    const bool isSaid
        = word.isIntroduced && (isSure ? between <= 3 : between == 0 && isLetter(name.back()));
    const bool isValue = (chosen == ChosenText::Likely && (between == 0 || word.isIntroduced))
        || (isNext && chosen == ChosenText::Perhaps)
        || (mayBeLetters && isSure && (between == 0 || word.isIntroduced) && isOfNoWord(text))
        || (mayBeLetters && isSaid && isPassphrase(text));
    return isValue ? text : std::string_view();
}

/// Behind what has to do with signing in, and with much else.
std::string_view valueOfLogin(std::string_view /*name*/, const Words& words, std::size_t between)
{
    constexpr int surely = 23;
    constexpr int likely = 14;
    const std::string_view text = words.text();
    if (!std::any_of(text.begin(), text.end(), isDigit))
        return {};
    if (const auto part = generatedPart(text, between == 0 ? likely : surely); !part.empty())
        return part;
    return between <= 1 && chosenText(text) == ChosenText::Likely ? text : std::string_view();
}

/// The first group is the begin of the text behind the name. Takes each word there that is a
/// value: the next one must not become the first by what a redaction writes over it.
Validation valuesBehind(const Candidate& candidate, ValueOf valueOf)
{
    const Validation nothing {.proof = Proof::Absurd};
    // A rule of somebody else may have no such group, or nothing before it.
    if (candidate.group(1).empty() || candidate.groups[1].begin == candidate.match.begin)
        return nothing;
    const std::size_t begin = candidate.groups[1].begin;
    const std::string_view name = candidate.text({candidate.match.begin, begin});
    std::string_view text = asText(candidate.window.subspan(begin)).substr(0, longest);
    text = text.substr(0, std::find_if_not(text.begin(), text.end(), isText) - text.begin());
    std::size_t suffix = 0;
    if (isLetter(name.back())) { // the name may go on
        while (suffix < text.size() && (isLetter(text[suffix]) || isIn("_-", text[suffix])))
            ++suffix;
        if (suffix == text.size() || isDigit(text[suffix]) || isOfAnother(text.substr(0, suffix)))
            return nothing;
    }
    const std::size_t end = begin + text.size();
    const bool isAll = text.size() < longest; // what stands behind is no text,
    const bool isCut
        = end < candidate.window.size() && candidate.window[end] >= 0x80; // or a letter
    Validation found;
    Words words(text.substr(suffix));
    for (std::size_t between = 0; between <= mostBetween && words.next();
         between += saysOnlyThatItFollows(words.text()) ? 0 : 1) {
        const bool isWhole = isAll || words.isEnded();
        if (!isWhole || words.text().size() < shortest || words.word().isEscaped
            || words.text().starts_with("_Z") // what compilers make of names
            || words.text().starts_with("AAAA") // public keys of SSH
            || words.text().starts_with('.') || words.text().find("%0A") != text.npos)
            continue;
        const std::string_view value = valueOf(name, words, between);
        if (value.empty() || isOfAlgorithm(value)
            || (isCut && value.end() == text.end() && !has(value, isDigit))) // begin of a word
            continue;
        const std::size_t at = begin + static_cast<std::size_t>(value.data() - text.data());
        std::vector<Span>& spans = found.spans.empty() ? found.spans : found.others;
        spans.push_back({at, at + value.size()});
    }
    return found.spans.empty() ? nothing : found;
}

/// Whether a text has a word for which `may` is true.
template <typename May> bool hasWord(ByteView bytes, May may)
{
    const std::string_view text = asText(bytes);
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && !isBetween(text[end]))
            ++end;
        if (end - at >= shortest && may(text.substr(at, end - at)))
            return true;
        at = end + 1;
    }
    return false;
}

} // namespace

/// A value in a writing that no other rule knows, behind the name of a password.
Validation nearvalueValidator(const Candidate& candidate)
{
    return valuesBehind(candidate, valueOfPassword);
}

bool nearvalueScreen(ByteView bytes)
{
    return hasWord(bytes, [](std::string_view word) {
        return (has(word, isLetter) && has(word, isDigit)) || word.find('-') != word.rfind('-')
            || (word.size() >= 12 && has(word, isSmall) && has(word, isCapital))
            || isOfNoWord(word.substr(0, word.find_last_not_of(".:") + 1));
    });
}

/// The same behind what has to do with signing in: a user, a command, an option.
Validation nearloginValidator(const Candidate& candidate)
{
    return valuesBehind(candidate, valueOfLogin);
}

bool nearloginScreen(ByteView bytes)
{
    return hasWord(bytes, [](std::string_view word) {
        return has(word, isDigit) && has(word, isSmall)
            && (has(word, isCapital) || word.find_first_of("!@#$%?+~") != word.npos);
    });
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords and keys in memory that nothing names any more: a program copies what it reads from its
// configuration or is given by a client, and once that text is gone only the copy is left. Where
// such a text can hardly come from anything but a generator, it is told by itself.
#include "scanner/base/ascii.h"
#include "scanner/base/memoryword.h"
#include "scanner/dump/dump.h"
#include "scanner/rules/chosentext.h"
#include "scanner/rules/generatedrule.h"
#include "scanner/rules/generatedtext.h"
#include "scanner/rules/keys/constants.h"
#include "scanner/rules/keys/firstones.h"
#include "scanner/rules/keys/hotspot.h"
#include "scanner/rules/keys/textwords.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace coredact {

namespace {

constexpr std::size_t textWord = 8; ///< bytes that are looked at first of a text
constexpr std::size_t longestText = 128;
constexpr std::size_t mostTexts = std::size_t {1} << 22;
constexpr std::size_t mostInPieces = std::size_t {1} << 16;

} // namespace

std::span<const RuleInfo> generatedRules()
{
    static const std::array rules {
        RuleInfo {"generated-text",
                  "Generated text in memory",
                  Severity::Medium,
                  "Letters and digits in no order that words or names have, alone in a place of "
                  "the program's memory: what makes passwords, keys and tokens writes so, and "
                  "programs keep them in this way once they have read them.",
                  "Find out what it is. If it signs in anywhere, change it.",
                  {"generic"},
                  3},
    };
    return rules;
}

namespace {

/// Blocks of glibc's heap: a word with the size stands before what a block holds, and the next
/// one's begins with the block's last word. Two words are the step of sizes; on i386 it is 16 bytes
/// since glibc 2.26, of which 8 is a part.
class Blocks {
public:
    explicit Blocks(std::size_t wordSize)
        : m_wordSize(wordSize)
    {
    }

    /// What stands before the byte at `begin`.
    std::uint64_t numberBefore(ByteView bytes, std::size_t begin) const
    {
        return numberOf(bytes.subspan(begin - m_wordSize, m_wordSize), ByteOrder::Little);
    }

    std::size_t roundUp(std::size_t size) const
    {
        return (size + m_wordSize - 1) / m_wordSize * m_wordSize;
    }

    /// How many bytes the block from `begin` on holds, if there is one.
    std::uint64_t room(ByteView bytes, std::size_t begin) const
    {
        return (numberBefore(bytes, begin) & ~flags) - m_wordSize;
    }

    /// Whether the block from `begin` on is a buffer that a file or a terminal is read through: of
    /// a power of two.
    bool isBuffer(ByteView bytes, std::size_t begin) const
    {
        constexpr std::uint64_t smallest = 1 << 10;
        constexpr std::uint64_t largest = 1 << 16;
        const std::uint64_t field = numberBefore(bytes, begin);
        const std::uint64_t size = (field & ~flags) - 16; // with a word before it, rounded up
        return isSizeField(field) && size >= smallest && size <= largest
            && (size & (size - 1)) == 0;
    }

    /// Whether a text of so many bytes from `begin` on is what the block there holds. Allocators
    /// round up, and strings that grew have up to twice their size.
    bool holds(ByteView bytes, std::size_t begin, std::size_t size) const
    {
        constexpr std::uint64_t largest = std::uint64_t {1} << 36;
        const std::uint64_t field = numberBefore(bytes, begin);
        const std::uint64_t block = field & ~flags;
        if (!isSizeField(field) || block < 4 * m_wordSize || block - m_wordSize < size
            || block > 2 * (size + 4 * m_wordSize) || bytes.size() - begin < block)
            return false;
        const std::uint64_t next = numberBefore(bytes, begin + static_cast<std::size_t>(block));
        return isSizeField(next) && (next & inUse) != 0 && next >= 2 * m_wordSize && next < largest;
    }

    /// Whether the last byte of a text may be the first of a block's size: so it is where a freed
    /// block lost its begin to the allocator and its text, of a certificate perhaps, runs to its
    /// end.
    bool endsWithSize(ByteView bytes, Span text) const
    {
        const std::size_t rest = m_wordSize - 1;
        const std::uint8_t last = bytes[text.end - 1];
        if ((text.end - text.begin) % m_wordSize != 1 || !isSizeField(last) || (last & inUse) == 0
            || bytes.size() - text.end < rest)
            return false;
        const ByteView behind = bytes.subspan(text.end, rest);
        return std::all_of(behind.begin(), behind.end(),
                           [](std::uint8_t byte) { return byte == 0; });
    }

private:
    static constexpr std::uint64_t flags = 7;
    static constexpr std::uint64_t inUse = 1; ///< says the next block's field of this one
    static constexpr std::uint64_t isMapped = 2; ///< alone

    bool isSizeField(std::uint64_t field) const
    {
        const std::uint64_t step = 2 * m_wordSize;
        return (field & (((step - 1) & ~flags) | isMapped)) == 0;
    }

    std::size_t m_wordSize;
};

/// The part of a text that somebody may have chosen, behind a name that ends with a colon
/// ("jane:walrus17!"); empty where there is none.
std::string_view chosenPart(std::string_view text)
{
    if (chosenText(text) == ChosenText::Likely)
        return text;
    constexpr std::size_t shortest = 8;
    const auto colon = std::min(text.find(':'), text.size());
    const std::string_view part = text.substr(std::min(colon + 1, text.size()));
    const bool isNamed = colon > 0 && std::all_of(text.begin(), text.begin() + colon, [](char c) {
                             return isLetter(c) || isDigit(c)
                                 || std::string_view("._@-").find(c) != std::string_view::npos;
                         });
    return isNamed && part.size() >= shortest && chosenText(part) == ChosenText::Likely
        ? part
        : std::string_view();
}

/// Whether its last byte is a sign behind a word and a number, whatever it would be as a size.
bool endsWithSign(std::string_view text)
{
    return chosenText(text.substr(0, text.size() - 1)) == ChosenText::Perhaps;
}

/// How long a text at `begin` is that goes on for `run` bytes, if the number before it says so: its
/// last word has other bytes behind it, and the next is no text. So Erlang has its binaries. 0: the
/// number says something else.
std::size_t countedSize(ByteView bytes, std::size_t begin, std::size_t run, const Blocks& blocks)
{
    const std::uint64_t number = blocks.numberBefore(bytes, begin);
    if (number < textWord || number > run)
        return 0;
    const auto size = static_cast<std::size_t>(number);
    const std::size_t next = begin + blocks.roundUp(size);
    const bool goesOn = next + textWord <= bytes.size()
        && TextWords::isText(littleWord<std::uint64_t>(bytes.data() + next));
    return goesOn ? 0 : size;
}

/// The text at `begin`, behind a number; empty where it does not end. What was typed or read first
/// ends with its line and has what was read before behind it.
Span textAt(ByteView bytes, std::size_t begin, const Blocks& blocks)
{
    const std::size_t most = std::min(bytes.size(), begin + longestText + 1);
    std::size_t end = begin;
    while (end < most && isVisible(bytes[end]))
        ++end;
    // A text that fills its block has no NUL, and the next one's size may look like text.
    const std::uint64_t room = blocks.room(bytes, begin);
    if (room < end - begin && blocks.holds(bytes, begin, static_cast<std::size_t>(room)))
        return {begin, begin + static_cast<std::size_t>(room)};
    const bool isLine = end < most && (bytes[end] == '\n' || bytes[end] == '\r');
    if ((end < most && bytes[end] == 0) || (isLine && blocks.isBuffer(bytes, begin)))
        return {begin, end};
    return {begin, begin + countedSize(bytes, begin, end - begin, blocks)};
}

/// How surely the text must be a generated one.
Enough enoughFor(ByteView bytes, Span text, const Blocks& blocks)
{
    const std::size_t size = text.end - text.begin;
    const std::uint64_t number = blocks.numberBefore(bytes, text.begin);
    const bool isCounted = number == size || number == size + 1;
    return isCounted || blocks.holds(bytes, text.begin, size) ? enoughWithLength : enoughAnywhere;
}

/// What is told of a program's strings, or of the arrays that these are in, where they have a head
/// of which the last half word is their length and the lowest bits of the first are 1.
struct CountedTexts {
    Enough enough;
    std::string_view notChosen; ///< signs of its names, which are no passwords for them
};

/// In V8 and HotSpot. Java's compilers hold very many names of many capitals ("lambda$isOk$5").
std::optional<CountedTexts> countedTextsOf(const Dump& dump)
{
    if (hotspot::isIn(dump))
        return CountedTexts {enoughAnywhere, "$"};
    const bool hasV8 = dump.wordSize != 4
        && std::any_of(dump.modules.begin(), dump.modules.end(), [](const Module& one) {
                           return one.name.find("node") != std::string::npos;
                       });
    return hasV8 ? std::optional(CountedTexts {enoughWithLength, ""}) : std::nullopt;
}

constexpr std::size_t countedHead = 16;

/// The text behind such a head at `at`; empty where there is none.
Span countedTextAt(ByteView bytes, std::size_t at)
{
    constexpr std::uint32_t shortest = 8;
    const std::size_t begin = at + countedHead;
    const auto size = littleWord<std::uint32_t>(bytes.data() + begin - 4);
    const bool mayBeText = size - shortest <= longestText - shortest && (bytes[at] & 3) == 1
        && bytes.size() - begin >= size
        && TextWords::isText(littleWord<std::uint64_t>(bytes.data() + begin));
    const ByteView text = bytes.subspan(begin, mayBeText ? size : 0);
    return {begin, begin + (std::all_of(text.begin(), text.end(), isVisible) ? text.size() : 0)};
}

/// The text at `begin`, of a chunk of talloc's, as the libraries of Samba, SSSD and FreeRADIUS have
/// theirs (64-bit programs): before it stand the chunk's child, references, destructor, name, size
/// and limit, and two words more, of which the last is anything. Empty where there is none.
Span tallocTextAt(ByteView bytes, std::size_t begin)
{
    constexpr std::size_t wordBytes = 8;
    const auto before = [&](std::size_t words) {
        return littleWord<std::uint64_t>(bytes.data() + begin - words * wordBytes);
    };
    const std::uint64_t size = before(4); // with the NUL
    const bool mayBeText = size - textWord - 1 <= longestText - textWord
        && bytes.size() - begin >= size
        && TextWords::isText(littleWord<std::uint64_t>(bytes.data() + begin))
        && (before(8) | before(7) | before(6) | before(3)) == 0 && before(5) != 0;
    const ByteView text = bytes.subspan(begin, mayBeText ? static_cast<std::size_t>(size) - 1 : 0);
    const bool isWhole = mayBeText && bytes[begin + text.size()] == 0
        && std::all_of(text.begin(), text.end(), isVisible);
    return {begin, begin + (isWhole ? text.size() : 0)};
}
constexpr std::size_t tallocAlignment = 16;
constexpr std::size_t tallocReach = 64; ///< looked at before a text

bool hasTalloc(const Dump& dump)
{
    return dump.wordSize != 4
        && std::any_of(dump.modules.begin(), dump.modules.end(), [](const Module& one) {
               return one.name.find("libtalloc") != std::string::npos;
           });
}

/// Gathers generated texts, by place.
class TextRound : public WalkRound {
public:
    TextRound(std::size_t wordSize, const Constants& constants,
              const std::optional<CountedTexts>& counted, bool hasTallocTexts)
        : m_wordSize(wordSize)
        , m_blocks(wordSize)
        , m_constants(constants)
        , m_counted(counted)
        , m_hasTalloc(hasTallocTexts)
    {
    }

    void look(const Window& window) override
    {
        const bool isShort = m_wordSize == 4;
        const TextWordKernel mayBegin
            = isShort ? findTextBehindShortNumber : textWordKernels().back().kernel;
        constexpr std::size_t together = 64;
        const ByteView bytes = window.bytes;
        const std::size_t needed = m_wordSize + textWord;
        const std::size_t end
            = std::min(window.freshEnd, bytes.size() - std::min(bytes.size(), needed - 1));
        std::size_t at = alignedFresh(window, m_wordSize);
        while (at < end) {
            if (at + together <= end)
                at += mayBegin(bytes.data() + at, 0, end - at - together + 1);
            for (const std::size_t stop = std::min(end, at + together); at < stop; at += m_wordSize)
                if (TextWords::isText(littleWord<std::uint64_t>(bytes.data() + at + m_wordSize))
                    && isNumber(bytes.data() + at))
                    lookAtText(window, at + m_wordSize);
        }
        if (m_counted && window.address)
            lookAtCounted(window, *m_counted);
        if (m_hasTalloc && window.address)
            lookAtTalloc(window);
    }

    void join(WalkRound& other) override
    {
        auto& that = static_cast<TextRound&>(other);
        texts.join(that.texts);
        inPieces.merge(that.inPieces);
        keepFirst(inPieces, mostInPieces);
    }

    bool hasLeftOut() const override { return leftOut() || texts.leftOut(); }

    /// Places in the file, and sizes.
    FirstOnes<std::pair<std::uint64_t, std::size_t>> texts {mostTexts};
    std::set<std::vector<FileRange>> inPieces; ///< those that do not stand in one place of it

private:
    bool isNumber(const std::uint8_t* at) const
    {
        return m_wordSize == 4 ? TextWords::isNumber(littleWord<std::uint32_t>(at))
                               : TextWords::isNumber(littleWord<std::uint64_t>(at));
    }

    void lookAtCounted(const Window& window, const CountedTexts& counted)
    {
        const std::size_t needed = countedHead + textWord;
        const std::size_t end = std::min(
            window.freshEnd, window.bytes.size() - std::min(window.bytes.size(), needed - 1));
        for (std::size_t at = alignedFresh(window, textWord); at < end; at += textWord)
            lookAtWhole(window, countedTextAt(window.bytes, at), counted);
    }

    void lookAtTalloc(const Window& window)
    {
        const std::size_t end = std::min(
            window.freshEnd, window.bytes.size() - std::min(window.bytes.size(), textWord));
        for (std::size_t at = alignedFresh(window, tallocAlignment); at < end;
             at += tallocAlignment)
            if (at >= tallocReach)
                lookAtWhole(window, tallocTextAt(window.bytes, at), {enoughWithLength, ""});
    }

    /// A text of which is said how long it is.
    void lookAtWhole(const Window& window, Span span, const CountedTexts& counted)
    {
        if (span.begin == span.end)
            return;
        const std::string_view text
            = asText(window.bytes.subspan(span.begin, span.end - span.begin));
        std::string_view part = generatedPart(text, counted.enough.score);
        if (part.size() < counted.enough.size)
            part = chosenText(text) == ChosenText::Likely
                    && text.find_first_of(counted.notChosen) == text.npos
                ? text
                : std::string_view();
        if (!part.empty() && !m_constants.hold(*window.address + span.begin))
            keep(window, span, part.size());
    }

    void lookAtText(const Window& window, std::size_t begin)
    {
        const ByteView bytes = window.bytes;
        const Span span = textAt(bytes, begin, m_blocks);
        const std::string_view text = asText(bytes.subspan(begin, span.end - begin));
        const std::string_view chosen = chosenPart(text);
        if (chosen.empty()
            && generatedPart(text, enoughWithLength.score).size() < enoughWithLength.size)
            return;
        const Enough enough = enoughFor(bytes, span, m_blocks);
        const bool isInBlock = enough.score == enoughWithLength.score;
        std::string_view part = generatedPart(text, enough.score);
        if (part.size() < enough.size)
            part = isInBlock || chosen.size() >= 10 ? chosen : std::string_view();
        if (part.empty()
            || (!isInBlock
                && (!window.address
                    || ((chosen.empty() || !endsWithSign(chosen))
                        && m_blocks.endsWithSize(bytes, span))))
            || (window.address && m_constants.hold(*window.address + begin)))
            return;
        keep(window, span, part.size());
    }

    /// Of the text the last `size` bytes.
    void keep(const Window& window, Span text, std::size_t size)
    {
        auto places = window.map->fileRanges(text.end - size, text.end);
        if (places.size() == 1)
            return texts.add({places.front().first(), size});
        inPieces.insert(std::move(places));
        keepFirst(inPieces, mostInPieces);
    }

    const std::size_t m_wordSize;
    const Blocks m_blocks;
    const Constants& m_constants;
    const std::optional<CountedTexts> m_counted;
    const bool m_hasTalloc;
};

class GeneratedWalk : public Walk {
public:
    explicit GeneratedWalk(const Dump& dump)
        : m_wordSize(dump.wordSize == 4 ? 4 : 8)
        , m_constants(dump)
        , m_counted(countedTextsOf(dump))
        , m_hasTalloc(hasTalloc(dump))
    {
    }

    std::unique_ptr<WalkRound> newRound() override
    {
        return m_looked
            ? nullptr
            : std::make_unique<TextRound>(m_wordSize, m_constants, m_counted, m_hasTalloc);
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        m_looked = true;
        auto& found = static_cast<TextRound&>(gathered);
        for (const auto& [place, size] : found.texts.all()) {
            if (context.control.cancelled())
                return {};
            if (const auto range = FileRange::make(place, size))
                if (const Status status = tell({*range}, context, sink); !status)
                    return status;
        }
        for (const auto& places : found.inPieces)
            if (const Status status = tell(places, context, sink); !status)
                return status;
        return {};
    }

private:
    static Status tell(std::vector<FileRange> places, const WalkContext& context, MatchSink& sink)
    {
        Match match;
        match.rule = &generatedRules()[0];
        match.confidence = Confidence::Possible;
        for (const FileRange& place : places) {
            SecretBytes piece(static_cast<std::size_t>(place.size()));
            if (const Status status = context.source.readAt(place.first(), piece); !status)
                return status;
            match.value.insert(match.value.end(), piece.begin(), piece.end());
        }
        match.places = std::move(places);
        sink.add(std::move(match));
        return {};
    }

    const std::size_t m_wordSize;
    const Constants m_constants;
    const std::optional<CountedTexts> m_counted;
    const bool m_hasTalloc;
    bool m_looked = false;
};

std::unique_ptr<Walk> newGeneratedWalk(const Dump& dump)
{
    if (dump.order != ByteOrder::Little)
        return nullptr;
    return std::make_unique<GeneratedWalk>(dump);
}

} // namespace

extern const Detector generatedsecretsDetector;
const Detector generatedsecretsDetector {"generatedsecrets", generatedRules, 0, nullptr, false,
                                         newGeneratedWalk};

} // namespace coredact

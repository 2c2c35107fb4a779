// SPDX-License-Identifier: GPL-3.0-or-later
// Keys that nothing proves but the structures that lead to them, whose sizes agree. What servers
// share with those who talk to them, as they hold it when the text of the settings is gone:
// stunnel's pre-shared keys of TLS, haproxy's keys of its tickets, chronyd's keys of NTP,
// wpa_supplicant's keys of wireless networks. And the secret keys of Node.js.
#include "scanner/rules/detector.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/heapkeys.h"
#include "scanner/rules/keys/wordpairsearch.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <compare>
#include <set>

namespace coredact {

namespace {

constexpr std::size_t word = 8;
constexpr std::size_t mostStructures = std::size_t {1} << 14;
constexpr std::uint64_t longest = 512; ///< bytes of a key

std::span<const RuleInfo> sharedKeyRules()
{
    static const std::array rules {
        RuleInfo {"tls-pre-shared-key-memory",
                  "TLS pre-shared key (in memory)",
                  Severity::High,
                  "A key that stunnel shares with a peer. Whoever holds it can pose as either of "
                  "them, and read connections that do not agree on a key of their own besides.",
                  "Make a new key and put it into PSKsecrets of both sides.",
                  {"tls"},
                  95},
        RuleInfo {"ntp-key-memory",
                  "NTP key (in memory)",
                  Severity::Medium,
                  "A key as chronyd holds it: it signs the answers of time servers. Whoever holds "
                  "it can set the clock of those who trust it.",
                  "Make a new key (chronyc keygen) and put it into the key files of all servers "
                  "and clients that share it.",
                  {"ntp"},
                  95},
        RuleInfo {"secret-key-object-memory",
                  "Secret key (in memory)",
                  Severity::High,
                  "A key that a program of Node.js signs or encrypts with (KeyObject, CryptoKey): "
                  "of tokens, cookies, stored data. Whoever holds it can do so, too.",
                  "Make a new key, and encrypt anew what the old one opens.",
                  {"node"},
                  95},
        RuleInfo {"wpa-key-memory",
                  "Key of a wireless network (in memory)",
                  Severity::High,
                  "The key that wpa_supplicant makes of a network's passphrase. Whoever holds it "
                  "can join the network, and read what others send in it.",
                  "Change the passphrase of the network.",
                  {"wifi"},
                  95},
        RuleInfo {"tls-ticket-key-memory",
                  "TLS session ticket keys (in memory)",
                  Severity::Critical,
                  "The keys that haproxy read from a file for its session tickets, the old and the "
                  "next among them. Without forward secrecy they open every recorded connection "
                  "that began with a ticket, and whoever holds them can resume other people's "
                  "sessions.",
                  "Make new ticket keys, put them into the files of all servers that share them, "
                  "and drop the old ones at once.",
                  {"tls"},
                  95},
    };
    return rules;
}

std::uint64_t wordAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint64_t>(bytes.data() + at);
}

/// A structure that leads to a key.
struct Structure {
    std::uint64_t key = 0; ///< its address
    std::uint64_t size = 0;
    std::uint64_t name = 0; ///< address of the text that it is known by; 0: it has none

    auto operator<=>(const Structure&) const = default;
};

// stunnel puts a head before each of its allocations: the size in it, and last a word that is
// always the same, with zeros behind it (src/str.c).
constexpr std::uint64_t allocated = 0xa110'c8ed'0000;
constexpr std::size_t headSize = 56; ///< from the size on
constexpr std::size_t allocatedAt = 40;

bool isHead(ByteView head, std::uint64_t size)
{
    return wordAt(head, 0) == size && wordAt(head, allocatedAt) == allocated
        && wordAt(head, allocatedAt + word) == 0;
}

/// {identity, key, size_t length, next}, an allocation of its own.
std::optional<Structure> stunnelStructure(ByteView bytes, std::uint64_t /*address*/)
{
    const ByteView body = bytes.subspan(headSize);
    const std::uint64_t size = wordAt(body, 2 * word);
    const std::uint64_t next = wordAt(body, 3 * word);
    if (!isHead(bytes.first(headSize), 4 * word) || !mayBePointer(wordAt(body, 0))
        || !mayBePointer(wordAt(body, word)) || size == 0 || size > longest
        || (next != 0 && !mayBePointer(next)))
        return std::nullopt;
    return Structure {wordAt(body, word), size, wordAt(body, 0)};
}

/// The identity and the key are allocations of just their sizes.
Result<bool> isOfStunnel(const WalkContext& context, const Structure& found)
{
    const auto keyHead = bytesAt(context, found.key - headSize, headSize);
    if (!keyHead)
        return keyHead.error();
    const auto nameHead = bytesAt(context, found.name - headSize, headSize);
    if (!nameHead)
        return nameHead.error();
    if (keyHead->empty() || nameHead->empty() || !isHead(*keyHead, found.size))
        return false;
    const std::uint64_t length = wordAt(*nameHead, 0);
    if (length < 2 || length > longest || !isHead(*nameHead, length))
        return false;
    const auto name = bytesAt(context, found.name, static_cast<std::size_t>(length));
    if (!name)
        return name.error();
    return std::find(name->begin(), name->end(), std::uint8_t {0}) + 1 == name->end();
}

/// {uint32 number, uint32 algorithm, uint32 length, key, uint32 class}.
std::optional<Structure> chronyStructure(ByteView bytes, std::uint64_t /*address*/)
{
    const std::uint64_t number = wordAt(bytes, 0);
    const std::uint64_t size = wordAt(bytes, word) & 0xffff'ffff;
    constexpr std::uint64_t mostAlgorithms = 32;
    constexpr std::uint64_t shortest = 4; // chronyd takes any; fewer bytes are a number like others
    if ((number & 0xffff'ffff) == 0 || number >> 32 == 0 || number >> 32 > mostAlgorithms
        || size < shortest || size > longest || !mayBePointer(wordAt(bytes, 2 * word))
        || (wordAt(bytes, 3 * word) & 0xffff'ffff) > mostAlgorithms)
        return std::nullopt;
    return Structure {wordAt(bytes, 2 * word), size, 0};
}

/// The data of a KeyObject: {vtable, uint32 kind, bytes, the same to free them, size_t length}. Of
/// kind 0 are secret keys.
std::optional<Structure> nodeStructure(ByteView bytes, std::uint64_t /*address*/)
{
    const std::uint64_t key = wordAt(bytes, 2 * word);
    const std::uint64_t size = wordAt(bytes, 4 * word);
    constexpr std::uint64_t shortest = 8;
    if (!mayBePointer(wordAt(bytes, 0)) || (wordAt(bytes, word) & 0xffff'ffff) != 0
        || !mayBePointer(key) || wordAt(bytes, 3 * word) != key || size < shortest
        || size > longest)
        return std::nullopt;
    return Structure {key, size, 0};
}

/// Before the key stands the size of the chunk that malloc of glibc made for it, and it is nothing
/// like numbers.
Result<bool> isOfItsChunk(const WalkContext& context, const Structure& found)
{
    const auto bytes = bytesAt(context, found.key - word, word + found.size);
    if (!bytes)
        return bytes.error();
    if (bytes->empty())
        return false;
    return isChunkOf(wordAt(*bytes, 0), found.size) && isMixed(ByteView(*bytes).subspan(word));
}

// A network of wpa_supplicant 2.10 (struct wpa_ssid): {next, next of the same priority, int number,
// int priority, SSID, size_t its length, ...}, the key among the rest, and int 1 where it is set.
constexpr std::size_t wpaKeyAt = 102;
constexpr std::size_t wpaKeySize = 32;
constexpr std::size_t wpaIsSetAt = 136;

std::optional<Structure> wpaStructure(ByteView bytes, std::uint64_t address)
{
    const auto mayBeNext = [](std::uint64_t next) { return next == 0 || mayBePointer(next); };
    constexpr std::uint64_t longestSsid = 32;
    const std::uint64_t size = wordAt(bytes, 4 * word);
    if (!mayBeNext(wordAt(bytes, 0)) || !mayBeNext(wordAt(bytes, word))
        || !mayBePointer(wordAt(bytes, 3 * word)) || size == 0 || size > longestSsid
        || littleWord<std::uint32_t>(bytes.data() + wpaIsSetAt) != 1)
        return std::nullopt;
    return Structure {address + wpaKeyAt, wpaKeySize, wordAt(bytes, 3 * word)};
}

/// The SSID has a chunk of malloc's for itself.
Result<bool> isOfWpa(const WalkContext& context, const Structure& found)
{
    constexpr std::uint64_t leastChunk = 4 * word;
    constexpr std::uint64_t mostChunk = 48; // of 32 bytes and a NUL
    const auto head = bytesAt(context, found.name - word, word);
    if (!head)
        return head.error();
    const auto key = bytesAt(context, found.key, static_cast<std::size_t>(found.size));
    if (!key)
        return key.error();
    const std::uint64_t chunk = head->empty() ? 0 : wordAt(*head, 0) & ~std::uint64_t {7};
    return chunk >= leastChunk && chunk <= mostChunk && !key->empty() && isMixed(*key);
}

/// {next, previous, file name, int, int, keys, int which are in use, int bits}. Three keys stand in
/// a chunk: a name of 16 bytes and 32 or 64 of keys, in 80 bytes each.
std::optional<Structure> haproxyStructure(ByteView bytes, std::uint64_t /*address*/)
{
    constexpr std::uint64_t allKeys = std::uint64_t {3} * 80;
    const std::uint64_t inUse = wordAt(bytes, 5 * word) & 0xffff'ffff;
    const std::uint64_t bits = wordAt(bytes, 5 * word) >> 32;
    if (!mayBePointer(wordAt(bytes, 0)) || !mayBePointer(wordAt(bytes, word))
        || !mayBePointer(wordAt(bytes, 2 * word)) || !mayBePointer(wordAt(bytes, 4 * word))
        || inUse > 2 || (bits != 128 && bits != 256))
        return std::nullopt;
    return Structure {wordAt(bytes, 4 * word), allKeys, wordAt(bytes, 2 * word)};
}

/// The name of the file begins as text does; of smaller keys the ends of the 80 bytes are unused.
Result<bool> isOfHaproxy(const WalkContext& context, const Structure& found)
{
    constexpr std::size_t smallKey = 48;
    const auto name = bytesAt(context, found.name, 1);
    if (!name)
        return name.error();
    const auto keys = bytesAt(context, found.key - word, word + found.size);
    if (!keys)
        return keys.error();
    return !name->empty() && name->front() > 0x20 && name->front() < 0x7f && !keys->empty()
        && isChunkOf(wordAt(*keys, 0), found.size)
        && isMixed(ByteView(*keys).subspan(word, smallKey));
}

/// A program whose structures are known.
struct Holder {
    std::string_view file; ///< in the names of what it has loaded
    std::size_t rule;
    std::string_view title;
    WordPair pair; ///< two words of the structure
    std::size_t pairAt; ///< where they stand in what `structure` looks at
    std::size_t size; ///< bytes that it looks at
    std::optional<Structure> (*structure)(ByteView bytes, std::uint64_t address);
    Result<bool> (*isKey)(const WalkContext& context, const Structure& found);
};

constexpr std::array holders {
    Holder {"stunnel",
            0,
            "TLS pre-shared key (stunnel)",
            {0, ~std::uint64_t {0}, allocated},
            allocatedAt,
            headSize + 4 * word,
            stunnelStructure,
            isOfStunnel},
    Holder {"node",
            2,
            "Secret key (Node.js)",
            {noPointer, ~std::uint64_t {0x3ff}},
            3 * word,
            5 * word,
            nodeStructure,
            isOfItsChunk},
    Holder {"wpa_supplicant",
            3,
            "Key of a wireless network (wpa_supplicant)",
            {noPointer, ~std::uint64_t {0x3f}},
            3 * word,
            wpaIsSetAt + word,
            wpaStructure,
            isOfWpa},
    Holder {"haproxy",
            4,
            "TLS session ticket keys (haproxy)",
            {noPointer, ~(std::uint64_t {128 | 256} << 32 | 3)},
            4 * word,
            6 * word,
            haproxyStructure,
            isOfHaproxy},
    Holder {"chronyd",
            1,
            "NTP key (chronyd)",
            {0xffff'f800, noPointer},
            word,
            4 * word,
            chronyStructure,
            isOfItsChunk},
};

/// Gathers the structures of one program.
class StructureRound : public WalkRound {
public:
    explicit StructureRound(const Holder& holder)
        : m_holder(holder)
    {
    }

    void look(const Window& window) override
    {
        forEachNearPair(window, m_holder.pair, m_holder.pairAt, m_holder.size, [&](std::size_t at) {
            if (const auto one
                = m_holder.structure(window.bytes.subspan(at, m_holder.size), *window.address + at))
                found.insert(*one);
        });
        keepFirst(found, mostStructures);
    }

    void join(WalkRound& other) override
    {
        found.merge(static_cast<StructureRound&>(other).found);
        keepFirst(found, mostStructures);
    }

    std::set<Structure> found;

private:
    const Holder& m_holder;
};

class SharedKeyWalk : public Walk {
public:
    explicit SharedKeyWalk(const Dump& dump)
    {
        if (dump.order != ByteOrder::Little || dump.wordSize == 4)
            return;
        for (const Holder& holder : holders)
            if (std::any_of(dump.modules.begin(), dump.modules.end(), [&](const Module& module) {
                    return module.name.find(holder.file) != std::string::npos;
                }))
                m_holder = &holder;
    }

    std::unique_ptr<WalkRound> newRound() override
    {
        return m_holder && !m_done ? std::make_unique<StructureRound>(*m_holder) : nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        m_done = true;
        for (const Structure& found : static_cast<StructureRound&>(gathered).found) {
            const auto isKey = m_holder->isKey(context, found);
            if (!isKey)
                return isKey.error();
            if (!*isKey)
                continue;
            auto bytes = bytesAt(context, found.key, static_cast<std::size_t>(found.size));
            if (!bytes)
                return bytes.error();
            if (bytes->empty())
                continue;
            Match match;
            match.rule = &sharedKeyRules()[m_holder->rule];
            match.confidence = Confidence::Likely;
            match.title = m_holder->title;
            match.proof = "the structures around it fit its kind";
            match.form = ValueForm::Binary;
            match.places = context.memory.fileRanges(found.key, found.size);
            match.value = std::move(*bytes);
            sink.add(std::move(match));
        }
        return {};
    }

private:
    const Holder* m_holder = nullptr;
    bool m_done = false;
};

std::unique_ptr<Walk> newSharedKeyWalk(const Dump& dump)
{
    return std::make_unique<SharedKeyWalk>(dump);
}

} // namespace

extern const Detector sharedkeysDetector;
const Detector sharedkeysDetector {"sharedkeys", sharedKeyRules, 0,
                                   nullptr,      false,          newSharedKeyWalk};

} // namespace coredact

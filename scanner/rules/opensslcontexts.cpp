// SPDX-License-Identifier: GPL-3.0-or-later
// Keys in the contexts of OpenSSL 3's providers, which are no more than random bytes behind a
// pointer or in a structure: of ChaCha20, of message authentication (HMAC with any hash, EVP_PKEYs
// of HMAC, Poly1305 and SipHash), and what keys are derived from (HKDF, PBKDF2, scrypt, ...).
#include "scanner/base/distinctbytes.h"
#include "scanner/base/memoryword.h"
#include "scanner/rules/ciphers/chacharule.h"
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/heapkeys.h"
#include "scanner/rules/keys/wordpairsearch.h"

#include <algorithm>
#include <array>
#include <compare>
#include <iterator>
#include <map>
#include <set>

namespace coredact {

namespace {

constexpr std::size_t word = 8;
constexpr std::size_t mostProviders = 1024;
constexpr std::size_t mostHeld = std::size_t {1} << 16;
constexpr std::uint64_t shortest = 6; ///< bytes of a key or password
constexpr std::uint64_t longest = 512;

std::span<const RuleInfo> contextRules()
{
    static const std::array rules {
        chachaKeyRule(),
        RuleInfo {"openssl-context-key",
                  "Key or password in a context of OpenSSL",
                  Severity::High,
                  "What a program gave to OpenSSL to authenticate messages with, or to derive "
                  "other keys from: a key, a password, a shared secret. A salt may be among them.",
                  "Make a new key at both ends, or change the password. What was agreed upon for a "
                  "single connection ends with it.",
                  {"symmetric-key"},
                  75},
    };
    return rules;
}

std::uint64_t wordAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint64_t>(bytes.data() + at);
}

/// Where the files that the process has loaded keep what they do not allocate. Their zeroed data
/// lies behind what is mapped of the file.
class StaticData {
public:
    explicit StaticData(const Dump& dump)
    {
        constexpr std::uint64_t zeroed = std::uint64_t {1} << 20;
        for (const Module& module : dump.modules)
            m_ends[module.memory.first()] = module.memory.last() + zeroed;
    }
    bool holds(std::uint64_t address) const
    {
        const auto next = m_ends.upper_bound(address);
        return next != m_ends.begin() && address <= std::prev(next)->second;
    }

private:
    std::map<std::uint64_t, std::uint64_t> m_ends; ///< by the first address
};

/// What a provider calls its context (struct prov_ctx_st): {OSSL_PROVIDER, OSSL_LIB_CTX,
/// BIO_METHOD,
/// ...}. The contexts of its algorithms begin with a pointer to it.
struct ProviderContext {
    std::uint64_t address = 0;
    std::uint64_t provider = 0;
    std::uint64_t library = 0; ///< of the default one, which is no allocation

    auto operator<=>(const ProviderContext&) const = default;
};

/// Gathers what may be the context of a provider: a chunk of malloc's with three pointers.
class ProviderRound : public WalkRound {
public:
    ProviderRound(const StaticData& data, const AddressSpace& memory)
        : m_data(data)
        , m_memory(memory)
    {
    }

    void look(const Window& window) override
    {
        forEachNearPair(window, chunkAndPointer, 0, 4 * word, [&](std::size_t at) {
            const std::uint64_t chunk = wordAt(window.bytes, at) | 1;
            const std::uint64_t method = wordAt(window.bytes, at + 3 * word);
            const ProviderContext one {*window.address + at + word, wordAt(window.bytes, at + word),
                                       wordAt(window.bytes, at + 2 * word)};
            if ((chunk == 0x21 || chunk == 0x31) && mayBePointer(one.provider)
                && mayBePointer(method) && one.library % 16 == 0 && m_data.holds(one.library)
                && !isAllocated(one))
                found.insert(one);
        });
        keepFirst(found, mostProviders);
    }
    void join(WalkRound& other) override
    {
        found.merge(static_cast<ProviderRound&>(other).found);
        keepFirst(found, mostProviders);
    }

    std::set<ProviderContext> found;

private:
    /// The heap may begin right behind static data.
    bool isAllocated(const ProviderContext& one) const
    {
        return m_memory.segmentAt(one.library) == m_memory.segmentAt(one.address);
    }

    static constexpr WordPair chunkAndPointer {~std::uint64_t {0x31}, 0xffff'8000'0000'000f};
    const StaticData& m_data;
    const AddressSpace& m_memory;
};

/// The provider (struct ossl_provider_st) points back at its context, and at the library's.
Result<bool> isProvider(const WalkContext& context, const ProviderContext& found)
{
    constexpr std::size_t most = 48 * word;
    SecretBytes bytes(word + most); // and the chunk's field before it
    const auto read = context.memory.read(context.source, found.provider - word, bytes);
    if (!read)
        return read.error();
    if (*read < word)
        return false;
    const auto size
        = std::min(*read, std::min<std::uint64_t>(most, wordAt(bytes, 0) & ~std::uint64_t {7}));
    bool toContext = false;
    bool toLibrary = false;
    for (std::size_t at = word; at + word <= size; at += word) {
        toContext = toContext || wordAt(bytes, at) == found.address;
        toLibrary = toLibrary || wordAt(bytes, at) == found.library;
    }
    return toContext && toLibrary;
}

/// Bytes that a context leads to.
struct Held {
    enum class Kind {
        Main, ///< what the context is of first: a key, a password
        Further, ///< a key behind a salt, a salt behind a password, ...
        ChaCha20,
    };

    std::uint64_t address = 0;
    std::uint64_t size = 0;
    Kind kind = Kind::Main;

    auto operator<=>(const Held&) const = default;
};

/// Gathers what the contexts of the known providers lead to.
class ContextRound : public WalkRound {
public:
    ContextRound(const std::vector<ProviderContext>& providers, const StaticData& data)
        : m_providers(providers)
        , m_data(data)
    {
    }

    std::vector<Anchor> anchors() const override
    {
        std::set<std::uint64_t> pointers;
        for (const ProviderContext& provider : m_providers)
            pointers.insert({provider.address, provider.library});
        std::vector<Anchor> anchors;
        for (const std::uint64_t pointer : pointers) {
            Anchor anchor;
            for (std::size_t i = 0; i < anchor.value.size(); ++i)
                anchor.value[i] = static_cast<std::uint8_t>(pointer >> 8 * i);
            anchors.push_back(anchor);
        }
        return anchors;
    }

    void lookAt(const Window& window, std::size_t position) override
    {
        if (!window.address || (*window.address + position) % word != 0
            || window.bytes.size() - position < word)
            return;
        const std::uint64_t pointer = wordAt(window.bytes, position);
        for (const ProviderContext& provider : m_providers) {
            if (pointer == provider.address && beginsChunk(window, position))
                lookAtContext(window.bytes.subspan(position));
            // A key of EVP_PKEY has a lock before the library's context.
            else if (pointer == provider.library
                     && (beginsChunk(window, position)
                         || (position >= word && beginsChunk(window, position - word))))
                lookAtKey(window.bytes.subspan(position));
        }
        keepFirst(found, mostHeld);
    }

    void look(const Window& window) override
    {
        forEachNearPair(window, cipherSizes, 0, chachaSize, [&](std::size_t at) {
            if (const auto key = chachaKeyAt(window.bytes.subspan(at, chachaSize)))
                found.insert({*window.address + at + *key, 32, Held::Kind::ChaCha20});
        });
        keepFirst(found, mostHeld);
    }

    void join(WalkRound& other) override
    {
        found.merge(static_cast<ContextRound&>(other).found);
        keepFirst(found, mostHeld);
    }

    std::set<Held> found;

private:
    /// A key of 32 bytes, and an IV of 12 or 16.
    static constexpr WordPair cipherSizes {0, ~std::uint64_t {0x1c}, 32};
    static constexpr std::size_t firstHardware = 8; ///< words from the size of the key
    static constexpr std::size_t lastHardware = 16;
    static constexpr std::size_t chachaSize = (lastHardware + 3 + 4) * word;

    static bool beginsChunk(const Window& window, std::size_t position)
    {
        constexpr std::uint64_t largest = 0x4000;
        if (position < word || (*window.address + position) % 16 != 0)
            return false;
        const std::uint64_t size = wordAt(window.bytes, position - word) & ~std::uint64_t {7};
        return size >= 0x20 && size <= largest && size % 16 == 0;
    }

    static bool isHeldAt(ByteView bytes, std::size_t at)
    {
        return at + 2 * word <= bytes.size() && mayBePointer(wordAt(bytes, at))
            && wordAt(bytes, at + word) >= shortest && wordAt(bytes, at + word) <= longest;
    }

    /// {provider's context, ..., key, size_t length, ...}
    void lookAtContext(ByteView bytes)
    {
        constexpr std::size_t most = 24;
        auto kind = Held::Kind::Main;
        for (std::size_t at = word; at < most * word; at += word) {
            if (!isHeldAt(bytes, at))
                continue;
            found.insert({wordAt(bytes, at), wordAt(bytes, at + word), kind});
            kind = Held::Kind::Further;
        }
    }

    /// {library's context, anything, key, size_t length, ...}
    void lookAtKey(ByteView bytes)
    {
        if (isHeldAt(bytes, 2 * word))
            found.insert({wordAt(bytes, 2 * word), wordAt(bytes, 3 * word), Held::Kind::Main});
    }

    /// PROV_CIPHER_CTX has, from the size of the key on: {32, size of the IV, block of 1, buffer of
    /// 0, ..., functions for this hardware, schedule, library's context}; of ChaCha20 the key
    /// stands behind it. Where it does.
    std::optional<std::size_t> chachaKeyAt(ByteView bytes) const
    {
        const std::uint64_t ivSize = wordAt(bytes, word);
        if (wordAt(bytes, 0) != 32 || (ivSize != 12 && ivSize != 16) || wordAt(bytes, 2 * word) != 1
            || wordAt(bytes, 3 * word) != 0)
            return std::nullopt;
        for (std::size_t i = firstHardware; i <= lastHardware; ++i) {
            const std::uint64_t hardware = wordAt(bytes, i * word);
            if (!mayBePointer(hardware) || !m_data.holds(hardware))
                continue;
            const std::uint64_t schedule = wordAt(bytes, (i + 1) * word);
            const std::uint64_t library = wordAt(bytes, (i + 2) * word);
            const std::size_t key = (i + 3) * word;
            const bool isKey = schedule == 0 && (library == 0 || mayBePointer(library))
                && isMixed(bytes.subspan(key, 32));
            return isKey ? std::optional(key) : std::nullopt;
        }
        return std::nullopt;
    }

    const std::vector<ProviderContext>& m_providers;
    const StaticData& m_data;
};

bool isText(ByteView bytes)
{
    return std::all_of(bytes.begin(), bytes.end(),
                       [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7f; });
}

/// What is told of bytes; nothing where they are no key. Texts behind the first one are labels.
std::optional<Match> matchOf(const Held& held, SecretBytes bytes)
{
    const bool text = isText(bytes);
    const bool isPassword = held.kind == Held::Kind::Main && text && distinctBytes(bytes) >= 4;
    if (!isPassword && (text || !isMixed(bytes)))
        return std::nullopt;
    Match match;
    const bool isCipher = held.kind == Held::Kind::ChaCha20;
    match.rule = &contextRules()[isCipher ? 0 : 1];
    match.title = isCipher ? "ChaCha20 key in use, 256 bits (OpenSSL)" : match.rule->title;
    match.confidence = Confidence::Likely;
    match.proof
        = isCipher ? "stands behind a cipher's context" : "a context of OpenSSL leads to it";
    match.form = text ? ValueForm::Text : ValueForm::Binary;
    match.value = std::move(bytes);
    return match;
}

class OpensslContextWalk : public Walk {
public:
    explicit OpensslContextWalk(const Dump& dump)
        : m_data(dump)
        , m_memory(dump.segments)
        // Chunks are those of glibc's malloc on 64-bit little-endian machines.
        , m_step(dump.order == ByteOrder::Little && dump.wordSize == 8 ? Step::Providers
                                                                       : Step::Done)
    {
    }

    std::unique_ptr<WalkRound> newRound() override
    {
        switch (m_step) {
        case Step::Providers:
            return std::make_unique<ProviderRound>(m_data, m_memory);
        case Step::Contexts:
            return std::make_unique<ContextRound>(m_providers, m_data);
        case Step::Done:
            break;
        }
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        if (m_step == Step::Contexts) {
            m_step = Step::Done;
            return tell(static_cast<ContextRound&>(gathered).found, context, sink);
        }
        for (const ProviderContext& one : static_cast<ProviderRound&>(gathered).found) {
            const auto is = isProvider(context, one);
            if (!is)
                return is.error();
            if (*is)
                m_providers.push_back(one);
        }
        m_step = m_providers.empty() ? Step::Done : Step::Contexts;
        return {};
    }

private:
    enum class Step { Providers, Contexts, Done };

    static Status tell(const std::set<Held>& found, const WalkContext& context, MatchSink& sink)
    {
        std::set<std::uint64_t> told;
        for (const Held& held : found) {
            const bool ownsChunk = held.kind != Held::Kind::ChaCha20;
            const std::size_t head = ownsChunk ? word : 0;
            auto bytes
                = bytesAt(context, held.address - head, static_cast<std::size_t>(head + held.size));
            if (!bytes)
                return bytes.error();
            if (bytes->empty() || (ownsChunk && !isChunkOf(wordAt(*bytes, 0), held.size)))
                continue;
            bytes->erase(bytes->begin(), bytes->begin() + static_cast<std::ptrdiff_t>(head));
            auto match = matchOf(held, std::move(*bytes));
            if (!match || !told.insert(held.address).second)
                continue;
            match->places = context.memory.fileRanges(held.address, held.size);
            sink.add(std::move(*match));
        }
        return {};
    }

    StaticData m_data;
    AddressSpace m_memory;
    Step m_step;
    std::vector<ProviderContext> m_providers;
};

std::unique_ptr<Walk> newOpensslContextWalk(const Dump& dump)
{
    return std::make_unique<OpensslContextWalk>(dump);
}

} // namespace

extern const Detector opensslcontextsDetector;
const Detector opensslcontextsDetector {"opensslcontexts", contextRules, 0,
                                        nullptr,           false,        newOpensslContextWalk};

} // namespace coredact

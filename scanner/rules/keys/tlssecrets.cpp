// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/tlssecrets.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/gomasters.h"
#include "scanner/rules/keys/privatekey.h"
#include "scanner/rules/keys/tlskeys.h"
#include "scanner/rules/keys/wordruns.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace coredact {

namespace {

constexpr std::size_t fieldBytes = 64; ///< of a secret in OpenSSL and GnuTLS
constexpr std::size_t mostNeighbours = 12;
constexpr std::size_t vectorBytes = 12;
constexpr std::size_t vectorReach = 512; ///< how far behind a field OpenSSL holds the vector
constexpr std::size_t randomBytes = 32;
constexpr std::size_t masterBytes = 48;
constexpr std::size_t keyBlockBytes = 160; ///< two MAC keys and two keys at most, with some rest
constexpr std::size_t mostPointers = std::size_t {1} << 18;
// Pairs prove master secrets and keys that are findings already, so that nothing is lost with
// those that are not tried.
constexpr std::size_t mostPairs = 4096;
constexpr std::size_t mostTries = 100'000;
constexpr std::size_t mostOfGo = 4096; ///< connections

bool allZero(ByteView bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

std::uint64_t word64(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint64_t>(bytes.data() + at);
}

std::uint32_t word32(ByteView bytes, std::size_t at)
{
    return nativeWord<std::uint32_t>(bytes.data() + at);
}

/// Of a program: canonical, in the lower half, not in the first pages.
bool mayBePointer(std::uint64_t word) { return word >= 0x10000 && word < std::uint64_t {1} << 47; }

/// What a secret of TLS 1.3 was proved by.
struct Proof {
    std::string text;
    SecretBytes key; ///< of records
    bool keyInUse = false; ///< and it stands in the dump as a key in use
};

class Prover {
public:
    explicit Prover(const TlsClues& clues)
        : m_clues(clues)
    {
    }

    std::optional<Proof> byKey(ByteView secret) const
    {
        for (const std::size_t size : {std::size_t {32}, std::size_t {16}}) {
            // Suites with SHA-384 have keys of 32 bytes only (RFC 8446 B.4).
            if (size == 16 && secret.size() == 48)
                continue;
            for (const std::string_view label : {"key", "quic key"}) {
                SecretBytes key = tlsExpandLabel(secret, label, size);
                if (m_clues.keys.contains(key))
                    return Proof {"a key in use in this dump follows from it", std::move(key),
                                  true};
            }
        }
        return std::nullopt;
    }

    /// `beside`: what stands behind the secret.
    std::optional<Proof> byVector(ByteView secret, ByteView beside) const
    {
        const SecretBytes vector = tlsExpandLabel(secret, "iv", vectorBytes);
        if (std::search(beside.begin(), beside.end(), vector.begin(), vector.end()) == beside.end())
            return std::nullopt;
        return Proof {"the vector of the records beside it follows from it",
                      tlsExpandLabel(secret, "key", 32), false};
    }

    /// The keys in use among those that a master secret and two randoms give.
    std::vector<SecretBytes> masterKeys(ByteView master, ByteView server, ByteView client) const
    {
        std::vector<SecretBytes> found;
        for (const TlsHash hash : {TlsHash::Sha256, TlsHash::Sha384}) {
            const SecretBytes block = tlsKeyBlock(hash, master, server, client, keyBlockBytes);
            for (const std::size_t size : {std::size_t {16}, std::size_t {32}})
                for (std::size_t at = 0; at + size <= block.size(); at += 4) {
                    const SecretBytes key(block.begin() + static_cast<std::ptrdiff_t>(at),
                                          block.begin() + static_cast<std::ptrdiff_t>(at + size));
                    if (m_clues.keys.contains(key))
                        found.push_back(key);
                }
        }
        return found;
    }

private:
    const TlsClues& m_clues;
};

/// A secret that was proved where it stands, or stands in a row with one.
struct Found {
    std::vector<FileRange> places;
    SecretBytes secret;
    Proof proof;
    std::vector<SecretBytes> keys; ///< of a master secret
    bool master = false;

    auto rank() const { return std::tie(places, secret, proof.text); }
};

/// Two randoms side by side, and where in the file.
struct Randoms {
    std::uint64_t place = 0;
    SecretBytes bytes;

    auto operator<=>(const Randoms&) const = default;
};

class TlsRound : public WalkRound {
public:
    explicit TlsRound(const TlsClues& clues)
        : m_prover(clues)
        , m_masters(!clues.masters.empty())
    {
    }

    void look(const Window& window) override
    {
        const std::size_t begin = alignedFresh(window, 4);
        findWordMarks(window.bytes, begin, window.freshEnd, [&](WordMark mark, std::size_t at) {
            if (mark == WordMark::EndOfRun)
                lookAtEnd(window, at);
            else
                lookAtLength(window, at);
        });
    }

    void join(WalkRound& other) override
    {
        auto& that = static_cast<TlsRound&>(other);
        std::move(that.found.begin(), that.found.end(), std::back_inserter(found));
        rows.merge(that.rows);
        pointers.merge(that.pointers);
        pairs.merge(that.pairs);
        keepFirst(pointers, mostPointers);
        (void)coredact::keepFirst(pairs, mostPairs);
        goMasters.merge(that.goMasters);
        keepFirst(goMasters, mostOfGo);
    }

    std::vector<Found> found;
    std::map<std::vector<FileRange>, SecretBytes> rows; ///< what stands in a row with a found one
    std::set<std::pair<std::uint64_t, std::size_t>> pointers; ///< with the length behind them
    std::set<Randoms> pairs;
    std::set<GoMaster> goMasters;

private:
    static std::vector<FileRange> placesOf(const Window& window, std::size_t begin,
                                           std::size_t size)
    {
        return window.map->fileRanges(begin, begin + size);
    }

    static bool randomAt(const Window& window, std::size_t begin, std::size_t size)
    {
        // A word of zeros is what most other places have, and cheaper to see.
        return begin + size <= window.bytes.size() && word32(window.bytes, begin) != 0
            && word32(window.bytes, begin + 4) != 0 && word32(window.bytes, begin + 8) != 0
            && looksRandom(window.bytes.subspan(begin, size));
    }

    /// Zeros begin at `end`.
    void lookAtEnd(const Window& window, std::size_t end)
    {
        for (const std::size_t size : {std::size_t {48}, std::size_t {32}})
            if (end >= size && isField(window, end - size, size))
                lookAtField(window, end - size, size);
        if (end >= masterBytes + 2 * randomBytes)
            lookAtMaster(window, end - masterBytes - 2 * randomBytes);
        if (m_masters && end >= 2 * randomBytes && randomAt(window, end - 64, 64)) {
            const auto bytes = window.bytes.subspan(end - 2 * randomBytes, 2 * randomBytes);
            pairs.insert({placesOf(window, end - 64, 64).front().first(),
                          SecretBytes(bytes.begin(), bytes.end())});
            (void)coredact::keepFirst(pairs, mostPairs);
        }
    }

    static bool isField(const Window& window, std::size_t begin, std::size_t size)
    {
        return begin + fieldBytes <= window.bytes.size()
            && allZero(window.bytes.subspan(begin + size, fieldBytes - size))
            && randomAt(window, begin, size);
    }

    void lookAtField(const Window& window, std::size_t begin, std::size_t size)
    {
        const ByteView secret = window.bytes.subspan(begin, size);
        auto proof = m_prover.byKey(secret);
        if (!proof) {
            const ByteView beside = window.bytes.subspan(begin + fieldBytes);
            proof = m_prover.byVector(secret, beside.first(std::min(vectorReach, beside.size())));
        }
        if (!proof)
            return;
        add(window, begin, size, std::move(*proof));
        for (std::size_t away = 1; away <= mostNeighbours; ++away) {
            const std::size_t distance = away * fieldBytes;
            if (begin >= distance)
                addToRow(window, begin - distance, size);
            addToRow(window, begin + distance, size);
        }
    }

    void addToRow(const Window& window, std::size_t begin, std::size_t size)
    {
        if (!isField(window, begin, size))
            return;
        const ByteView secret = window.bytes.subspan(begin, size);
        rows.emplace(placesOf(window, begin, size), SecretBytes(secret.begin(), secret.end()));
    }

    void lookAtLength(const Window& window, std::size_t at)
    {
        const std::size_t size = window.bytes[at];
        if (randomAt(window, at + 4, size)) // the array of a Java program
            if (auto proof = m_prover.byKey(window.bytes.subspan(at + 4, size)))
                add(window, at + 4, size, std::move(*proof));
        if (at >= 8 && window.address && (*window.address + at) % 8 == 0)
            if (const std::uint64_t pointer = word64(window.bytes, at - 8); mayBePointer(pointer)) {
                pointers.emplace(pointer, size);
                keepFirst(pointers, mostPointers);
                if (const auto master = goMasterAt(window, at - 8)) {
                    goMasters.insert(*master);
                    keepFirst(goMasters, mostOfGo);
                }
            }
        constexpr std::size_t before = masterBytes + 3 * randomBytes; // the session's id as well
        if (size == randomBytes && at >= before)
            lookAtMaster(window, at - before);
    }

    /// A master secret with both randoms behind it, behind two pointers.
    void lookAtMaster(const Window& window, std::size_t begin)
    {
        if (begin < 16 || !mayBePointer(word64(window.bytes, begin - 8))
            || !mayBePointer(word64(window.bytes, begin - 16))
            || !randomAt(window, begin, masterBytes)
            || !randomAt(window, begin + masterBytes, 2 * randomBytes))
            return;
        const ByteView master = window.bytes.subspan(begin, masterBytes);
        const ByteView client = window.bytes.subspan(begin + masterBytes, randomBytes);
        const ByteView server
            = window.bytes.subspan(begin + masterBytes + randomBytes, randomBytes);
        auto keys = m_prover.masterKeys(master, server, client);
        if (!keys.empty())
            found.push_back({placesOf(window, begin, masterBytes),
                             SecretBytes(master.begin(), master.end()),
                             {},
                             std::move(keys),
                             true});
    }

    void add(const Window& window, std::size_t begin, std::size_t size, Proof proof)
    {
        const ByteView secret = window.bytes.subspan(begin, size);
        found.push_back({placesOf(window, begin, size),
                         SecretBytes(secret.begin(), secret.end()),
                         std::move(proof),
                         {},
                         false});
    }

    const Prover m_prover;
    const bool m_masters;
};

/// Gives the matches of one round.
class Teller {
public:
    Teller(const TlsClues& clues, TlsProofs& proofs, MatchSink& sink)
        : m_prover(clues)
        , m_proofs(proofs)
        , m_sink(sink)
    {
    }

    void tell(Found found)
    {
        if (found.master)
            tellMaster(std::move(found));
        else
            tellTraffic(std::move(found));
    }

    /// All that stand close together are one finding.
    void tellRows(const std::map<std::vector<FileRange>, SecretBytes>& rows)
    {
        Match match = newRow();
        std::uint64_t last = 0;
        for (const auto& [places, secret] : rows) {
            if (!match.places.empty()
                && places.front().first() - last > mostNeighbours * fieldBytes)
                m_sink.add(std::exchange(match, newRow()));
            last = places.front().first();
            match.places.insert(match.places.end(), places.begin(), places.end());
            match.value.insert(match.value.end(), secret.begin(), secret.end());
        }
        if (!match.places.empty())
            m_sink.add(std::move(match));
    }

    Status follow(const std::set<std::pair<std::uint64_t, std::size_t>>& pointers,
                  const WalkContext& context)
    {
        for (const auto& [address, size] : pointers) {
            if (context.control.cancelled())
                return {};
            if (!context.memory.segmentAt(address))
                continue;
            SecretBytes secret(size);
            const auto read = context.memory.read(context.source, address, secret);
            if (!read)
                return read.error();
            if (*read != size || !looksRandom(secret))
                continue;
            if (auto proof = m_prover.byKey(secret))
                tell({context.memory.fileRanges(address, size),
                      std::move(secret),
                      std::move(*proof),
                      {},
                      false});
        }
        return {};
    }

    Status followGo(const std::set<GoMaster>& masters, const WalkContext& context)
    {
        for (const GoMaster& held : masters) {
            SecretBytes bytes(masterBytes + 2 * randomBytes);
            const auto parts = std::span(bytes);
            const auto read = [&](std::uint64_t address, std::size_t at, std::size_t size) {
                const auto count
                    = context.memory.read(context.source, address, parts.subspan(at, size));
                return count && *count == size;
            };
            if (context.control.cancelled())
                return {};
            if (!read(held.master, 0, masterBytes) || !read(held.first, masterBytes, randomBytes)
                || !read(held.second, masterBytes + randomBytes, randomBytes))
                continue;
            const ByteView master = ByteView(bytes).first(masterBytes);
            const ByteView first = ByteView(bytes).subspan(masterBytes, randomBytes);
            const ByteView second = ByteView(bytes).last(randomBytes);
            auto keys = m_prover.masterKeys(master, first, second);
            if (keys.empty())
                keys = m_prover.masterKeys(master, second, first);
            if (!keys.empty())
                tell({context.memory.fileRanges(held.master, masterBytes),
                      SecretBytes(master.begin(), master.end()),
                      {},
                      std::move(keys),
                      true});
        }
        return {};
    }

    /// `pairs` are in OpenSSL's order: the server's random first.
    void tryPairs(const std::set<SecretBytes>& masters, const std::set<Randoms>& pairs,
                  const WalkContext& context)
    {
        std::size_t tries = 0;
        for (const Randoms& pair : pairs)
            for (const SecretBytes& master : masters) {
                if (master.size() != masterBytes)
                    continue;
                if (++tries > mostTries || context.control.cancelled())
                    return;
                const ByteView bytes = pair.bytes;
                auto keys = m_prover.masterKeys(master, bytes.first(randomBytes),
                                                bytes.subspan(randomBytes));
                if (keys.empty())
                    continue;
                m_proofs.masters.insert(master);
                own(keys);
            }
    }

private:
    void own(const std::vector<SecretBytes>& keys)
    {
        for (const SecretBytes& key : keys)
            m_proofs.owners[key]
                = "records of a TLS 1.2 connection, whose master secret is in this dump";
    }

    void tellMaster(Found found)
    {
        Match match;
        match.rule = &tlsSessionRule();
        match.title = "TLS 1.2 master secret (connection in memory)";
        match.confidence = Confidence::Verified;
        match.proof = "keys in use in this dump follow from it and the randoms beside it";
        match.form = ValueForm::Binary;
        match.places = std::move(found.places);
        match.value = std::move(found.secret);
        own(found.keys);
        m_sink.add(std::move(match));
    }

    void tellTraffic(Found found)
    {
        Match match;
        match.rule = &tlsTrafficRule();
        match.form = ValueForm::Binary;
        match.places = std::move(found.places);
        match.value = std::move(found.secret);
        match.confidence = Confidence::Verified;
        match.proof = found.proof.text;
        if (found.proof.keyInUse)
            m_proofs.owners[found.proof.key]
                = "records of a TLS 1.3 connection, whose traffic secret is in this dump";
        match.derived.push_back(
            {"key of the records", ValueForm::Binary, std::move(found.proof.key)});
        m_sink.add(std::move(match));
    }

    static Match newRow()
    {
        Match match;
        match.rule = &tlsTrafficRule();
        match.confidence = Confidence::Likely;
        match.title = "Other secrets of a TLS 1.3 connection, beside a traffic secret";
        match.proof = "they stand in a row with one that is proved";
        match.form = ValueForm::Binary;
        return match;
    }

    const Prover m_prover;
    TlsProofs& m_proofs;
    MatchSink& m_sink;
};

} // namespace

TlsSecretWalk::TlsSecretWalk(TlsClues clues, TlsProofs& proofs)
    : m_clues(std::move(clues))
    , m_proofs(proofs)
{
}

std::unique_ptr<WalkRound> TlsSecretWalk::newRound()
{
    return m_done ? nullptr : std::make_unique<TlsRound>(m_clues);
}

Status TlsSecretWalk::endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink)
{
    m_done = true;
    auto& round = static_cast<TlsRound&>(gathered);
    Teller teller(m_clues, m_proofs, sink);
    std::sort(round.found.begin(), round.found.end(),
              [](const Found& a, const Found& b) { return a.rank() < b.rank(); });
    for (Found& found : round.found) {
        round.rows.erase(found.places);
        teller.tell(std::move(found));
    }
    teller.tellRows(round.rows);
    if (const Status status = teller.follow(round.pointers, context); !status)
        return status;
    if (const Status status = teller.followGo(round.goMasters, context); !status)
        return status;
    teller.tryPairs(m_clues.masters, round.pairs, context);
    return {};
}

} // namespace coredact

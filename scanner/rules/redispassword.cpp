// SPDX-License-Identifier: GPL-3.0-or-later
// Redis keeps the password of requirepass bare, with no name near it, and for each user the SHA-256
// of the password as text: a string whose digest stands elsewhere in the dump is that password.
#include "scanner/dump/dump.h"
#include "scanner/rules/codec.h"
#include "scanner/rules/detector.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <openssl/sha.h>

namespace coredact {

namespace {

using Digest = std::array<std::uint8_t, SHA256_DIGEST_LENGTH>;

/// sds.h: a string of up to 255 bytes begins with its length, the room for it and a flag; up to 31
/// bytes may have all in one byte, the length in the upper five bits.
constexpr std::uint8_t byteLengths = 1;
constexpr std::size_t headerSize = 3;
constexpr std::size_t digestText = std::size_t {2} * SHA256_DIGEST_LENGTH;

constexpr std::size_t shortest = 6;
constexpr std::size_t longest = 255;
constexpr std::size_t mostDigests = 4096;

std::span<const RuleInfo> redisRules()
{
    static const std::array rules {
        RuleInfo {"redis-password",
                  "Redis password (in memory)",
                  Severity::High,
                  "A string whose SHA-256 Redis keeps as the password of a user. It signs in to "
                  "the server and gives all that the user may do.",
                  "Change the password (CONFIG SET requirepass, ACL SETUSER) and on every client.",
                  {"password", "database"},
                  60},
    };
    return rules;
}

std::optional<Digest> digestOf(ByteView text)
{
    const auto bytes = decodeHex(asText(text));
    if (!bytes)
        return std::nullopt;
    Digest digest {};
    std::copy(bytes->begin(), bytes->end(), digest.begin());
    return digest;
}

/// Gathers what may be digests of passwords, by place.
class DigestRound : public WalkRound {
public:
    std::vector<Anchor> anchors() const override
    {
        const auto anchor = [](std::uint8_t digit) {
            // Room is as much as the length, or what the allocator gave more.
            return Anchor {{digestText, 0x40, byteLengths, digit}, {0xff, 0xc0, 0xff, 0xf0}};
        };
        return {anchor(0x30), anchor(0x60)};
    }

    void lookAt(const Window& window, std::size_t position) override
    {
        const std::size_t begin = position + headerSize;
        if (begin + digestText >= window.bytes.size() || window.bytes[begin + digestText] != 0)
            return;
        if (const auto digest = digestOf(window.bytes.subspan(begin, digestText)))
            keep(placeInFile(window, position), *digest);
    }

    void join(WalkRound& other) override
    {
        for (const auto& [place, digest] : static_cast<DigestRound&>(other).digests)
            keep(place, digest);
    }

    std::map<std::uint64_t, Digest> digests;

private:
    /// Of too many the first in the file stay, whoever saw them.
    void keep(std::uint64_t place, const Digest& digest)
    {
        digests.emplace(place, digest);
        keepFirst(digests, mostDigests);
    }
};

/// Looks at every string of Redis for one with a digest of those.
class PasswordRound : public WalkRound {
public:
    explicit PasswordRound(const std::set<Digest>& digests)
        : m_digests(digests)
    {
    }

    void look(const Window& window) override
    {
        for (std::size_t at = window.freshBegin; at < window.freshEnd; ++at) {
            const std::uint8_t byte = window.bytes[at];
            if (byte == byteLengths && at >= 2)
                lookAtString(window, at + 1, window.bytes[at - 2]);
            else if (byte % 8 == 0 && byte >> 3 >= shortest)
                lookAtString(window, at + 1, byte >> 3);
        }
    }

    void join(WalkRound& other) override
    {
        auto& others = static_cast<PasswordRound&>(other).found;
        std::move(others.begin(), others.end(), std::back_inserter(found));
    }

    struct Found {
        std::vector<FileRange> places;
        SecretBytes value;
    };
    std::vector<Found> found;

private:
    void lookAtString(const Window& window, std::size_t begin, std::size_t size)
    {
        if (size < shortest || size > longest || begin + size >= window.bytes.size()
            || window.bytes[begin + size] != 0)
            return;
        const ByteView text = window.bytes.subspan(begin, size);
        if (std::any_of(text.begin(), text.end(),
                        [](std::uint8_t byte) { return byte <= 0x20 || byte == 0x7f; }))
            return;
        Digest digest {};
        SHA256(text.data(), text.size(), digest.data());
        if (m_digests.contains(digest))
            found.push_back({window.map->fileRanges(begin, begin + size),
                             SecretBytes(text.begin(), text.end())});
    }

    const std::set<Digest>& m_digests;
};

class RedisWalk : public Walk {
public:
    std::unique_ptr<WalkRound> newRound() override
    {
        if (m_round == 0)
            return std::make_unique<DigestRound>();
        if (m_round == 1 && !m_digests.empty())
            return std::make_unique<PasswordRound>(m_digests);
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext&, MatchSink& sink) override
    {
        if (m_round++ == 0) {
            for (const auto& [place, digest] : static_cast<DigestRound&>(gathered).digests)
                m_digests.insert(digest);
            return {};
        }
        for (auto& one : static_cast<PasswordRound&>(gathered).found) {
            Match match;
            match.rule = &redisRules()[0];
            match.confidence = Confidence::Verified;
            match.proof = "its SHA-256 is that of a user's password";
            match.places = std::move(one.places);
            match.value = std::move(one.value);
            sink.add(std::move(match));
        }
        return {};
    }

private:
    int m_round = 0;
    std::set<Digest> m_digests;
};

/// Strings of Redis begin like much else, so they are looked for only where it may have run.
bool mayBeRedis(const Dump& dump)
{
    constexpr auto names = std::to_array<std::string_view>({"redis", "valkey", "keydb"});
    const auto isOne = [&](const Module& module) {
        return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
            return module.name.find(name) != std::string::npos;
        });
    };
    return dump.modules.empty() || std::any_of(dump.modules.begin(), dump.modules.end(), isOne);
}

std::unique_ptr<Walk> newRedisWalk(const Dump& dump)
{
    return mayBeRedis(dump) ? std::make_unique<RedisWalk>() : nullptr;
}

} // namespace

extern const Detector redispasswordDetector;
const Detector redispasswordDetector {"redispassword", redisRules, 0, nullptr, false, newRedisWalk};

} // namespace coredact

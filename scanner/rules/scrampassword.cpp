// SPDX-License-Identifier: GPL-3.0-or-later
// PostgreSQL keeps a password where a statement or a client gave it, with no name near it once the
// statement is gone, and for each role a verifier (RFC 5802): a string that makes it is the
// password.
#include "scanner/base/ascii.h"
#include "scanner/rules/detector.h"
#include "scanner/rules/effort.h"
#include "scanner/rules/hmac/keyedhash.h"
#include "scanner/rules/keys/base64.h"
#include "scanner/rules/validators/keyedvalue.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include <openssl/sha.h>

namespace coredact {

namespace {

using Digest = std::array<std::uint8_t, SHA256_DIGEST_LENGTH>;

constexpr std::string_view verifierMark = "SCRAM-SHA-256$";
constexpr std::size_t longestVerifier = 256;
constexpr std::size_t mostVerifiers = 4096;

constexpr std::size_t shortest = 6;
constexpr std::size_t longest = 64;
constexpr std::size_t mostStrings = std::size_t {1} << 14;
/// Each string costs as many rounds of HMAC as a verifier says, usually 4096; all together at most
/// so many, which is a few seconds and enough for 40 roles: a server process has some 400 strings.
constexpr std::uint64_t mostRounds = std::uint64_t {1} << 26;

std::span<const RuleInfo> scramRules()
{
    static const std::array rules {
        RuleInfo {"scram-password",
                  "Database password (in memory)",
                  Severity::High,
                  "A string that makes the SCRAM verifier of a role, which PostgreSQL keeps beside "
                  "it. It signs in to the server as that role.",
                  "Change the database user's password (ALTER USER ... PASSWORD), end its "
                  "sessions, and look through the logs for logins from elsewhere.",
                  {"password", "database"},
                  60},
    };
    return rules;
}

struct Verifier {
    std::uint64_t iterations = 0;
    SecretBytes salt;
    SecretBytes storedKey;

    auto operator<=>(const Verifier&) const = default;
};

/// "SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey".
std::optional<Verifier> verifierIn(std::string_view text)
{
    if (!text.starts_with(verifierMark))
        return std::nullopt;
    text.remove_prefix(verifierMark.size());
    const std::size_t colon = text.find(':');
    const std::size_t dollar = text.find('$');
    if (colon == text.npos || dollar == text.npos || colon > dollar)
        return std::nullopt;
    Verifier verifier;
    const auto number = std::from_chars(text.data(), text.data() + colon, verifier.iterations);
    if (number.ec != std::errc() || number.ptr != text.data() + colon || verifier.iterations < 1)
        return std::nullopt;
    verifier.salt = decodeBase64(asBytes(text.substr(colon + 1, dollar - colon - 1)));
    verifier.storedKey = decodeBase64(asBytes(text.substr(dollar + 1)));
    if (verifier.salt.empty() || verifier.storedKey.size() != SHA256_DIGEST_LENGTH)
        return std::nullopt;
    return verifier;
}

/// False as well where it is cancelled: a number of iterations may be made up.
bool makes(const SecretBytes& password, const Verifier& verifier, const JobControl& control)
{
    const auto salted = pbkdf2Sha256(password, verifier.salt, verifier.iterations, control);
    if (!salted)
        return false;
    Digest client {};
    Digest stored {};
    KeyedHash(HashKind::Sha256, *salted).code(asBytes("Client Key"), client);
    SHA256(client.data(), client.size(), stored.data());
    return std::equal(stored.begin(), stored.end(), verifier.storedKey.begin());
}

/// Gathers verifiers.
class VerifierRound : public WalkRound {
public:
    std::vector<Anchor> anchors() const override { return {{{'S', 'C', 'R', 'A'}}}; }

    void lookAt(const Window& window, std::size_t position) override
    {
        auto verifier
            = verifierIn(asText(window.bytes.subspan(position)).substr(0, longestVerifier));
        if (!verifier)
            return;
        verifiers.insert(std::move(*verifier));
        keepFirst(verifiers, mostVerifiers);
    }

    void join(WalkRound& other) override
    {
        verifiers.merge(static_cast<VerifierRound&>(other).verifiers);
        keepFirst(verifiers, mostVerifiers);
    }

    std::set<Verifier> verifiers; ///< each stands in many pages
};

/// Gathers strings that PostgreSQL may have allocated: at a multiple of eight, behind the zeros of
/// a header, ended by NUL; of letters with digits or signs, since each costs milliseconds to try.
class StringRound : public WalkRound {
public:
    struct Place {
        std::uint64_t offset;
        std::vector<FileRange> ranges;
    };

    void look(const Window& window) override
    {
        for (std::size_t at = alignedFresh(window, 8); at < window.freshEnd; at += 8)
            if (at >= 2 && window.bytes[at - 1] == 0 && window.bytes[at - 2] == 0
                && window.bytes[at] != 0)
                lookAtString(window, at);
    }

    void join(WalkRound& other) override
    {
        for (auto& [text, place] : static_cast<StringRound&>(other).strings)
            keep(text, std::move(place));
    }

    std::map<SecretBytes, Place> strings;

    /// Leaves the first in the file.
    void prune()
    {
        if (strings.size() <= mostStrings)
            return;
        std::vector<std::uint64_t> offsets;
        for (const auto& [text, place] : strings)
            offsets.push_back(place.offset);
        std::nth_element(offsets.begin(), offsets.begin() + mostStrings, offsets.end());
        std::erase_if(strings, [limit = offsets[mostStrings]](const auto& one) {
            return one.second.offset >= limit;
        });
        leaveOut();
    }

private:
    void lookAtString(const Window& window, std::size_t at)
    {
        const std::string_view text = asText(window.bytes.subspan(at)).substr(0, longest + 1);
        const std::size_t size = text.find('\0');
        if (size == text.npos || size < shortest)
            return;
        const std::string_view value = text.substr(0, size);
        if (!std::all_of(value.begin(), value.end(), isVisible) || value.find('/') != value.npos
            || keyedValue({}, value) != KeyedValue::Mixed)
            return;
        keep(SecretBytes(value.begin(), value.end()),
             {placeInFile(window, at), window.map->fileRanges(at, at + size)});
    }

    void keep(const SecretBytes& text, Place place)
    {
        const auto [it, isNew] = strings.try_emplace(text, place);
        if (!isNew && place.offset < it->second.offset)
            it->second = std::move(place);
        if (strings.size() >= 2 * mostStrings)
            prune();
    }
};

class ScramWalk : public Walk {
public:
    std::unique_ptr<WalkRound> newRound() override
    {
        if (m_round == 0)
            return std::make_unique<VerifierRound>();
        if (m_round == 1 && !m_verifiers.empty())
            return std::make_unique<StringRound>();
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        if (m_round++ == 0) {
            m_verifiers = std::move(static_cast<VerifierRound&>(gathered).verifiers);
            return {};
        }
        auto& strings = static_cast<StringRound&>(gathered);
        strings.prune();
        tryStrings(strings.strings, context.control, sink);
        return {};
    }

private:
    /// In the order of the file, each with all verifiers that nothing has made so far.
    void tryStrings(const std::map<SecretBytes, StringRound::Place>& strings,
                    const JobControl& control, MatchSink& sink)
    {
        std::vector<std::pair<std::uint64_t, const SecretBytes*>> inOrder;
        for (const auto& [text, place] : strings)
            inOrder.emplace_back(place.offset, &text);
        std::sort(inOrder.begin(), inOrder.end());
        Effort rounds(mostRounds);
        for (const auto& [offset, text] : inOrder)
            for (auto verifier = m_verifiers.begin(); verifier != m_verifiers.end();) {
                if (control.cancelled())
                    return;
                if (!rounds.take(verifier->iterations, *this)) {
                    ++verifier;
                    continue;
                }
                const bool made = makes(*text, *verifier, control);
                if (made)
                    tell(*text, strings.at(*text).ranges, sink);
                verifier = made ? m_verifiers.erase(verifier) : std::next(verifier);
            }
    }

    static void tell(const SecretBytes& text, const std::vector<FileRange>& places, MatchSink& sink)
    {
        Match match;
        match.rule = &scramRules()[0];
        match.confidence = Confidence::Verified;
        match.proof = "it makes the verifier of a role";
        match.places = places;
        match.value = text;
        sink.add(std::move(match));
    }

    int m_round = 0;
    std::set<Verifier> m_verifiers;
};

std::unique_ptr<Walk> newScramWalk(const Dump&) { return std::make_unique<ScramWalk>(); }

} // namespace

extern const Detector scrampasswordDetector;
const Detector scrampasswordDetector {"scrampassword", scramRules, 0, nullptr, false, newScramWalk};

} // namespace coredact

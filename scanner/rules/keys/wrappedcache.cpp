// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/wrappedcache.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/privatekey.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <new>
#include <tuple>

namespace coredact {

namespace {

constexpr std::size_t keyBytes = 16;
constexpr std::size_t lengthBytes = 4;
constexpr std::size_t alignment = 8; ///< of what malloc gives

/// Of a text that was padded with zeros to a multiple of eight bytes.
bool isWrappedSize(std::uint32_t size) { return size >= 24 && size <= 264 && size % 8 == 0; }

struct Found {
    std::vector<FileRange> places;
    SecretBytes key;
    SecretBytes wrapped;
    SecretBytes text;

    bool operator<(const Found& other) const
    {
        return std::tie(places, key) < std::tie(other.places, other.key);
    }
};

class CacheRound : public WalkRound {
public:
    explicit CacheRound(const std::set<SecretBytes>& keys)
        : m_keys(keys)
    {
    }

    void look(const Window& window) override
    {
        const ByteView bytes = window.bytes;
        for (std::size_t at = alignedFresh(window, alignment);
             at < window.freshEnd && at + lengthBytes <= bytes.size(); at += alignment) {
            const auto size = littleWord<std::uint32_t>(bytes.data() + at);
            if (isWrappedSize(size) && size <= bytes.size() - at - lengthBytes)
                tryAt(window, at + lengthBytes, size);
        }
    }

    void join(WalkRound& other) override { found.merge(static_cast<CacheRound&>(other).found); }

    std::set<Found> found;

private:
    void tryAt(const Window& window, std::size_t begin, std::size_t size)
    {
        const ByteView wrapped = window.bytes.subspan(begin, size);
        if (!looksRandom(wrapped))
            return;
        for (const SecretBytes& key : m_keys)
            if (SecretBytes text = unwrapped(key, wrapped); !text.empty())
                found.insert({window.map->fileRanges(begin, begin + size),
                              key,
                              {wrapped.begin(), wrapped.end()},
                              std::move(text)});
    }

    const std::set<SecretBytes>& m_keys;
};

} // namespace

const RuleInfo& cachedPassphraseRule()
{
    static const RuleInfo rule {
        "gpg-cached-passphrase",
        "Passphrase in gpg-agent's cache",
        Severity::Critical,
        "A passphrase that gpg-agent keeps for a while, encrypted under a key that stands in the "
        "same memory. Whoever holds it can use the OpenPGP or SSH keys that it protects, once he "
        "has their files.",
        "Change the passphrase of the key (gpg --change-passphrase, ssh-keygen -p). If its file "
        "may have been copied too, revoke the key.",
        {"password", "pgp"},
        100};
    return rule;
}

SecretBytes unwrapped(ByteView key, ByteView wrapped)
{
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
        EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    if (!context)
        throw std::bad_alloc();
    SecretBytes text(wrapped.size());
    int size = 0;
    EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    if (key.size() != keyBytes
        || EVP_DecryptInit_ex2(context.get(), EVP_aes_128_wrap(), key.data(), nullptr, nullptr) != 1
        || EVP_DecryptUpdate(context.get(), text.data(), &size, wrapped.data(),
                             static_cast<int>(wrapped.size()))
            != 1)
        return {};
    text.resize(static_cast<std::size_t>(size));
    return text;
}

WrappedCacheWalk::WrappedCacheWalk(std::set<SecretBytes> keys,
                                   std::map<SecretBytes, std::string>& owners)
    : m_keys(std::move(keys))
    , m_owners(owners)
{
}

std::unique_ptr<WalkRound> WrappedCacheWalk::newRound()
{
    return m_done ? nullptr : std::make_unique<CacheRound>(m_keys);
}

Status WrappedCacheWalk::endRound(WalkRound& gathered, const WalkContext&, MatchSink& sink)
{
    m_done = true;
    for (const Found& found : static_cast<CacheRound&>(gathered).found) {
        m_owners[found.key] = "gpg-agent's cache of passphrases, one of which is in this dump";
        Match match;
        match.rule = &cachedPassphraseRule();
        match.confidence = Confidence::Verified;
        match.proof = "an AES key in this dump unwraps it, and its check value holds";
        match.form = ValueForm::Text;
        match.places = found.places;
        // What unwraps one copy unwraps all, and what libgcrypt left of its work.
        match.derived.push_back({"wrapped passphrase", ValueForm::Binary, found.wrapped});
        // Padded with zeros.
        const auto end = std::find(found.text.begin(), found.text.end(), std::uint8_t {0});
        match.value.assign(found.text.begin(), end);
        if (match.value.empty())
            continue;
        sink.add(std::move(match));
    }
    return {};
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
// Kerberos keys as MIT's library holds them: a krb5_keyblock {magic, enctype, length, pointer}
// (krb5.h; the magic is KV5M_KEYBLOCK of kv5m_err.et).
#include "scanner/rules/detector.h"

#include "scanner/base/distinctbytes.h"
#include "scanner/base/memoryword.h"
#include "scanner/rules/anchors/wordanchor.h"
#include "scanner/rules/keys/privatekey.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <map>

namespace coredact {

namespace {

constexpr std::uint32_t magic = 0x970ea703;
constexpr std::size_t mostBlocks = std::size_t {1} << 14;

std::span<const RuleInfo> keyblockRules()
{
    static const std::array rules {
        RuleInfo {"kerberos-key-memory",
                  "Kerberos key (in memory)",
                  Severity::Critical,
                  "A key as MIT Kerberos holds it: of a user, a service, or a session. With a "
                  "service's key tickets to it can be forged, with krbtgt's any ticket at all.",
                  "Change the key of the principal (kadmin: ktadd -randkey, or a new password); "
                  "krbtgt twice. A session key ends with its ticket.",
                  {"kerberos"},
                  95},
    };
    return rules;
}

/// A kind of key (RFC 3961, RFC 3962, RFC 4757, RFC 6803, RFC 8009) and its size.
struct EncryptionType {
    std::uint32_t number;
    std::string_view name;
    std::uint32_t bytes;
};

constexpr std::array encryptionTypes {
    EncryptionType {1, "des-cbc-crc", 8},
    EncryptionType {3, "des-cbc-md5", 8},
    EncryptionType {16, "des3-cbc-sha1", 24},
    EncryptionType {17, "aes128-cts-hmac-sha1-96", 16},
    EncryptionType {18, "aes256-cts-hmac-sha1-96", 32},
    EncryptionType {19, "aes128-cts-hmac-sha256-128", 16},
    EncryptionType {20, "aes256-cts-hmac-sha384-192", 32},
    EncryptionType {23, "arcfour-hmac", 16},
    EncryptionType {25, "camellia128-cts-cmac", 16},
    EncryptionType {26, "camellia256-cts-cmac", 32},
};

const EncryptionType* typeOf(std::uint32_t number, std::uint32_t bytes)
{
    const auto* it = std::find_if(
        encryptionTypes.begin(), encryptionTypes.end(),
        [&](const EncryptionType& type) { return type.number == number && type.bytes == bytes; });
    return it == encryptionTypes.end() ? nullptr : it;
}

/// Gathers the addresses of keys, with their kind.
class KeyblockRound : public WalkRound {
public:
    explicit KeyblockRound(const Dump& dump)
        : m_order(dump.order)
        , m_word(dump.wordSize == 4 ? 4 : 8)
    {
    }

    std::vector<Anchor> anchors() const override { return {anchorOfWord(magic, m_order)}; }

    void lookAt(const Window& window, std::size_t position) override
    {
        if (window.address && (*window.address + position) % 4 == 0)
            lookAtBlock(window.bytes, position);
    }

    void join(WalkRound& other) override
    {
        for (const auto& [address, type] : static_cast<KeyblockRound&>(other).blocks)
            keep(address, type);
    }

    std::map<std::uint64_t, const EncryptionType*> blocks;

private:
    void lookAtBlock(ByteView bytes, std::size_t at)
    {
        const std::size_t pointer = at + (m_word == 8 ? 16 : 12);
        if (pointer + m_word > bytes.size() || number(bytes, at, 4) != magic)
            return;
        const EncryptionType* type = typeOf(static_cast<std::uint32_t>(number(bytes, at + 4, 4)),
                                            static_cast<std::uint32_t>(number(bytes, at + 8, 4)));
        if (const std::uint64_t address = number(bytes, pointer, m_word); type && address != 0)
            keep(address, type);
    }

    std::uint64_t number(ByteView bytes, std::size_t at, std::size_t size) const
    {
        return numberOf(bytes.subspan(at, size), m_order);
    }

    /// Of too many those with the lowest addresses stay, whatever the order.
    void keep(std::uint64_t address, const EncryptionType* type)
    {
        blocks.emplace(address, type);
        keepFirst(blocks, mostBlocks);
    }

    ByteOrder m_order;
    std::size_t m_word;
};

class KeyblockWalk : public Walk {
public:
    explicit KeyblockWalk(const Dump& dump)
        : m_dump(dump)
    {
    }

    std::unique_ptr<WalkRound> newRound() override
    {
        return m_done ? nullptr : std::make_unique<KeyblockRound>(m_dump);
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        m_done = true;
        for (const auto& [address, type] : static_cast<KeyblockRound&>(gathered).blocks) {
            SecretBytes key(type->bytes);
            const auto read = context.memory.read(context.source, address, key);
            if (!read)
                return read.error();
            if (*read != key.size() || !mayBeKey(key))
                continue;
            Match match;
            match.rule = &keyblockRules()[0];
            match.confidence = Confidence::Likely;
            match.title = "Kerberos key (in memory), " + std::string(type->name);
            match.proof = "the structure around it fits its kind";
            match.identity = Identity {"kerberos-enctype", std::string(type->name)};
            match.form = ValueForm::Binary;
            match.places = context.memory.fileRanges(address, key.size());
            match.value = std::move(key);
            sink.add(std::move(match));
        }
        return {};
    }

private:
    /// Freed and wiped keys are zeros.
    static bool mayBeKey(const SecretBytes& key)
    {
        return distinctBytes(key) >= std::min<std::size_t>(key.size() / 2 + 1, 9);
    }

    const Dump& m_dump;
    bool m_done = false;
};

std::unique_ptr<Walk> newKeyblockWalk(const Dump& dump)
{
    return std::make_unique<KeyblockWalk>(dump);
}

} // namespace

extern const Detector krbblocksDetector;
const Detector krbblocksDetector {"krbblocks", keyblockRules, 0, nullptr, false, newKeyblockWalk};

} // namespace coredact

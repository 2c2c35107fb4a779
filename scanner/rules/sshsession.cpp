// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of SSH connections as OpenSSH's ssh and sshd hold them: `struct newkeys` with its sshenc and
// sshmac (kex.h, mac.h). Programs with words of 64 bits, the least byte first.
#include "scanner/rules/detector.h"

#include "scanner/base/distinctbytes.h"
#include "scanner/base/memoryword.h"
#include "scanner/rules/aes/schedule.h"
#include "scanner/rules/keys/structurewords.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <set>

namespace coredact {

namespace {

constexpr std::string_view banner = "SSH-2.0-OpenSSH";
constexpr std::size_t mostConnections = std::size_t {1} << 14;

// sshenc {name*, cipher*, enabled, key_len, iv_len, block_size, key*, iv*}, and behind it
// sshmac {name*, enabled, mac_len, key*, key_len, ...}.
constexpr std::size_t sizesAt = 16;
constexpr std::size_t keyAt = 32;
constexpr std::size_t ivAt = 40;
constexpr std::size_t macAt = 48;
constexpr std::size_t macKeyAt = macAt + 16;
constexpr std::size_t macSizeAt = macAt + 24;
constexpr std::size_t structureBytes = macAt + 32;

/// The sizes of `ciphers` in two words: enabled and the key's, the vector's and the block's.
constexpr WordPair usualSizes {~std::uint64_t {0x78'0000'0001}, ~std::uint64_t {0x18'0000'001c}};

std::span<const RuleInfo> sessionRules()
{
    static const std::array rules {
        RuleInfo {
            "ssh-session-key",
            "Key of an SSH connection",
            Severity::High,
            "A key that encrypts or authenticates an SSH connection, as ssh and sshd hold it. "
            "With it whoever recorded the connection reads it: passwords typed, files copied, "
            "what was forwarded.",
            "End the connection; a new one makes new keys. What went over it since its last "
            "rekeying (passwords among it) counts as known to whoever has this dump and a "
            "recording.",
            {"ssh"},
            101},
    };
    return rules;
}

/// A cipher by OpenSSH's name for it (cipher.c), and its sizes in bytes.
struct Cipher {
    std::string_view name;
    std::uint32_t key;
    std::uint32_t iv;
    std::uint32_t block;
};

constexpr std::array ciphers {
    Cipher {"aes128-ctr", 16, 16, 16},
    Cipher {"aes192-ctr", 24, 16, 16},
    Cipher {"aes256-ctr", 32, 16, 16},
    Cipher {"aes128-gcm@openssh.com", 16, 12, 16},
    Cipher {"aes256-gcm@openssh.com", 32, 12, 16},
    Cipher {"chacha20-poly1305@openssh.com", 64, 0, 8},
    Cipher {"aes128-cbc", 16, 16, 16},
    Cipher {"aes192-cbc", 24, 16, 16},
    Cipher {"aes256-cbc", 32, 16, 16},
    Cipher {"3des-cbc", 24, 8, 8},
};

/// What a structure says of itself.
struct Connection {
    std::uint64_t name = 0; ///< address of the cipher's
    std::uint64_t key = 0;
    std::uint64_t iv = 0;
    std::uint64_t macKey = 0;
    std::uint32_t keyBytes = 0;
    std::uint32_t ivBytes = 0;
    std::uint32_t block = 0;
    std::uint32_t macKeyBytes = 0;

    auto operator<=>(const Connection&) const = default;
};

/// Whether the process speaks SSH as OpenSSH does: only then is it worth a look at every word.
class BannerRound : public WalkRound {
public:
    std::vector<Anchor> anchors() const override
    {
        return {Anchor {{'S', 'S', 'H', '-'}, {0xff, 0xff, 0xff, 0xff}, 0}};
    }
    void lookAt(const Window& window, std::size_t position) override
    {
        met = met || asText(window.bytes.subspan(position)).starts_with(banner);
    }
    void join(WalkRound& other) override { met = met || static_cast<BannerRound&>(other).met; }

    bool met = false;
};

class ConnectionRound : public WalkRound {
public:
    void look(const Window& window) override
    {
        const ByteView bytes = window.bytes;
        if (!window.address || bytes.size() < structureBytes + 64)
            return;
        const std::size_t end = std::min(window.freshEnd, bytes.size() - structureBytes - 63);
        const PairKernel mayBegin = pairKernels().back().kernel;
        std::size_t at = alignedFresh(window, 8);
        while (at < end) {
            at += mayBegin(usualSizes, bytes.data() + at + sizesAt, 0, end - at);
            for (const std::size_t stop = std::min(end, at + 64); at < stop; at += 8)
                lookAtStructure(bytes, at);
        }
    }
    void join(WalkRound& other) override
    {
        found.merge(static_cast<ConnectionRound&>(other).found);
        keepFirst(found, mostConnections);
    }

    std::set<Connection> found;

private:
    void lookAtStructure(ByteView bytes, std::size_t at)
    {
        const auto word = [&](std::size_t offset) {
            return littleWord<std::uint32_t>(bytes.data() + at + offset);
        };
        const auto pointer = [&](std::size_t offset) {
            return littleWord<std::uint64_t>(bytes.data() + at + offset);
        };
        const Connection connection {pointer(0),         pointer(keyAt),    pointer(ivAt),
                                     pointer(macKeyAt),  word(sizesAt + 4), word(sizesAt + 8),
                                     word(sizesAt + 12), word(macSizeAt)};
        const bool known = std::any_of(ciphers.begin(), ciphers.end(), [&](const Cipher& cipher) {
            return cipher.key == connection.keyBytes && cipher.iv == connection.ivBytes
                && cipher.block == connection.block;
        });
        if (!known || word(sizesAt) > 1 || connection.name == 0 || connection.key == 0)
            return;
        found.insert(connection);
        keepFirst(found, mostConnections);
    }
};

class SessionWalk : public Walk {
public:
    explicit SessionWalk(const Dump& dump)
        : m_step(dump.wordSize == 8 && dump.order == ByteOrder::Little ? Step::Banner : Step::Done)
    {
    }

    std::unique_ptr<WalkRound> newRound() override
    {
        switch (m_step) {
        case Step::Banner:
            return std::make_unique<BannerRound>();
        case Step::Connections:
            return std::make_unique<ConnectionRound>();
        case Step::Done:
            break;
        }
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        if (m_step == Step::Banner) {
            m_step = static_cast<BannerRound&>(gathered).met ? Step::Connections : Step::Done;
            return {};
        }
        m_step = Step::Done;
        for (const Connection& connection : static_cast<ConnectionRound&>(gathered).found)
            if (const Status status = tell(connection, context, sink); !status)
                return status;
        return {};
    }

private:
    enum class Step { Banner, Connections, Done };

    /// The cipher whose name stands at the address, if its sizes are the connection's.
    static Result<const Cipher*> cipherOf(const Connection& connection, const WalkContext& context)
    {
        SecretBytes text(32);
        const auto read = context.memory.read(context.source, connection.name, text);
        if (!read)
            return read.error();
        const std::string_view name = asText(ByteView(text).first(*read));
        const auto* cipher = std::find_if(ciphers.begin(), ciphers.end(), [&](const Cipher& one) {
            return name.substr(0, name.find('\0')) == one.name && name.size() > one.name.size()
                && one.key == connection.keyBytes && one.iv == connection.ivBytes
                && one.block == connection.block;
        });
        return cipher == ciphers.end() ? nullptr : cipher;
    }

    /// Bytes that may be a key: all there, and no zeros of one that was wiped. Else none.
    static Result<SecretBytes> keyAtAddress(std::uint64_t address, std::size_t size,
                                            const WalkContext& context)
    {
        SecretBytes key(size);
        const auto read = context.memory.read(context.source, address, key);
        if (!read)
            return read.error();
        if (*read != size || distinctBytes(key) <= std::min<std::size_t>(size / 2, 24))
            key.clear();
        return key;
    }

    static Status tell(const Connection& connection, const WalkContext& context, MatchSink& sink)
    {
        const auto cipher = cipherOf(connection, context);
        if (!cipher)
            return cipher.error();
        if (!*cipher)
            return {};
        auto key = keyAtAddress(connection.key, connection.keyBytes, context);
        if (!key)
            return key.error();
        if (!key->empty()) {
            Match match = matchAt(connection.key, std::move(*key), context);
            match.title = "Key of an SSH connection, " + std::string((*cipher)->name);
            match.identity = Identity {"ssh-cipher", std::string((*cipher)->name)};
            addForms(match, (*cipher)->name);
            if (const Status status = addVector(match, connection, context); !status)
                return status;
            sink.add(std::move(match));
        }
        return tellMac(connection, context, sink);
    }

    static Match matchAt(std::uint64_t address, SecretBytes key, const WalkContext& context)
    {
        Match match;
        match.rule = &sessionRules()[0];
        match.confidence = Confidence::Likely;
        match.proof = "the structure that leads to it names its cipher, and its size is that one's";
        match.form = ValueForm::Binary;
        match.places = context.memory.fileRanges(address, key.size());
        match.value = std::move(key);
        return match;
    }

    /// What the cipher keeps of the key.
    static void addForms(Match& match, std::string_view cipher)
    {
        const auto add = [&](std::string name, SecretBytes bytes) {
            match.derived.push_back({std::move(name), ValueForm::Binary, std::move(bytes)});
        };
        if (cipher.starts_with("aes")) {
            SecretBytes expanded = expandAesKey(match.value);
            add("AES decryption schedule", aesDecryptionSchedule(expanded));
            add("AES encryption schedule", std::move(expanded));
        } else if (cipher.starts_with("chacha")) {
            // One key for the lengths of packets, one for the rest.
            const auto middle = match.value.begin() + 32;
            add("key of the packets", {match.value.begin(), middle});
            add("key of the packets' lengths", {middle, match.value.end()});
        }
    }

    /// The vector goes with the key: libcrypto keeps copies, and counters that begin with it.
    static Status addVector(Match& match, const Connection& connection, const WalkContext& context)
    {
        SecretBytes vector(connection.ivBytes);
        const auto read = context.memory.read(context.source, connection.iv, vector);
        if (!read)
            return read.error();
        if (*read != vector.size() || distinctBytes(vector) < 6)
            return {};
        const auto places = context.memory.fileRanges(connection.iv, connection.ivBytes);
        match.places.insert(match.places.end(), places.begin(), places.end());
        match.derived.push_back({"initialization vector", ValueForm::Binary, std::move(vector)});
        return {};
    }

    static Status tellMac(const Connection& connection, const WalkContext& context, MatchSink& sink)
    {
        if (connection.macKey == 0 || connection.macKeyBytes < 16 || connection.macKeyBytes > 64)
            return {};
        auto key = keyAtAddress(connection.macKey, connection.macKeyBytes, context);
        if (!key)
            return key.error();
        if (key->empty())
            return {};
        Match match = matchAt(connection.macKey, std::move(*key), context);
        match.title = "Key that authenticates an SSH connection";
        match.proof = "it stands in the structure of a connection, beside the key of its cipher";
        sink.add(std::move(match));
        return {};
    }

    Step m_step;
};

std::unique_ptr<Walk> newSessionWalk(const Dump& dump)
{
    return std::make_unique<SessionWalk>(dump);
}

} // namespace

extern const Detector sshsessionDetector;
const Detector sshsessionDetector {"sshsession", sessionRules, 0, nullptr, false, newSessionWalk};

} // namespace coredact

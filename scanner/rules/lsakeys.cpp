// SPDX-License-Identifier: GPL-3.0-or-later
// What lsass.exe keeps: the keys that encrypt its credentials, and the password hashes of who is
// logged on, which these keys decrypt. The layouts are those that public tools for the analysis of
// memory describe.
#include "scanner/rules/keys/lsakey.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/aes/schedule.h"
#include "scanner/rules/ciphers/des.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t mostKeys = 256;
constexpr std::size_t mostNames = std::size_t {1} << 12;
constexpr auto packageName = "Primary\0"sv;

std::span<const RuleInfo> lsaRules()
{
    static const std::array rules {
        RuleInfo {
            "windows-cng-key-memory",
            "Key of Windows' CNG (in memory)",
            Severity::Critical,
            "A key of AES or triple DES as a Windows process holds it. In a dump of lsass.exe "
            "such keys decrypt the credentials of everybody who is logged on.",
            "Of lsass.exe: restart the computer, which makes new ones, and reset the "
            "passwords of the accounts that were logged on. Of another process: replace the "
            "key, and encrypt again what it protects.",
            {"symmetric-key", "windows"},
            90},
        RuleInfo {
            "windows-logon-hash",
            "Password hash of a Windows logon (in memory)",
            Severity::Critical,
            "The NT hash of a logged-on account, encrypted with a key that stands in the same "
            "dump. The hash is enough to log on as that account over the network.",
            "Reset the password of the account, twice for a computer's or krbtgt's, and end "
            "its sessions.",
            {"password", "windows"},
            95},
    };
    return rules;
}

Match matchOf(CngKey key, std::vector<FileRange> places)
{
    Match match;
    match.rule = &lsaRules()[0];
    match.confidence = key.proven ? Confidence::Verified : Confidence::Likely;
    match.title = std::string(key.key.size() == 24 ? "Triple DES" : "AES")
        + " key of Windows' CNG (in memory)";
    match.proof = key.proven ? "its round keys follow in the same object"
                             : "the object around it fits its size";
    match.form = ValueForm::Binary;
    match.places = std::move(places);
    const auto add = [&](std::string name, SecretBytes bytes) {
        match.derived.push_back({std::move(name), ValueForm::Binary, std::move(bytes)});
    };
    if (key.key.size() == 24) {
        for (std::size_t at = 0; at < 24; at += 8)
            add("DES round keys",
                expandDesKey(ByteView(key.key).subspan(at, 8), DesLayout::Libcrypto));
    } else {
        SecretBytes expanded = expandAesKey(key.key);
        add("AES decryption schedule", aesDecryptionSchedule(expanded));
        add("AES encryption schedule", std::move(expanded));
    }
    match.value = std::move(key.key);
    return match;
}

class KeyRound : public WalkRound {
public:
    std::vector<Anchor> anchors() const override
    {
        return {Anchor {{'K', 'S', 'S', 'M'}, {0xff, 0xff, 0xff, 0xff}, 4}};
    }

    void lookAt(const Window& window, std::size_t position) override
    {
        auto key = readCngKey(window.bytes, position);
        if (!key || !window.fresh(position - 4))
            return;
        auto places = window.map->fileRanges(key->place.begin, key->place.end);
        keys.emplace(placeInFile(window, position - 4), Found {std::move(*key), std::move(places)});
        keepFirst(keys, mostKeys);
    }

    void join(WalkRound& other) override
    {
        keys.merge(static_cast<KeyRound&>(other).keys);
        keepFirst(keys, mostKeys);
    }

    struct Found {
        CngKey key;
        std::vector<FileRange> places;
    };
    std::map<std::uint64_t, Found> keys; ///< by place in the file
};

/// Gathers where the name of the package's primary credentials stands. Only where there are keys:
/// its letters are no rare ones.
class NameRound : public WalkRound {
public:
    void look(const Window& window) override
    {
        if (!window.address)
            return;
        const std::string_view text = asText(window.bytes);
        for (std::size_t at = text.find(packageName, window.freshBegin);
             at < window.freshEnd && at != text.npos; at = text.find(packageName, at + 1))
            names.insert(*window.address + at);
        keepFirst(names, mostNames);
    }

    void join(WalkRound& other) override
    {
        names.merge(static_cast<NameRound&>(other).names);
        keepFirst(names, mostNames);
    }

    std::set<std::uint64_t> names; ///< addresses
};

/// Where encrypted credentials stand, and how long they are.
struct Encrypted {
    std::uint64_t address = 0;
    std::uint16_t size = 0;

    auto operator<=>(const Encrypted&) const = default;
};

/// Looks for {ANSI_STRING that is the name, UNICODE_STRING of the encrypted credentials}.
class EntryRound : public WalkRound {
public:
    explicit EntryRound(const std::set<std::uint64_t>& names)
        : m_names(names)
    {
    }

    void look(const Window& window) override
    {
        const ByteView bytes = window.bytes;
        if (!window.address || bytes.size() < 32)
            return;
        const std::size_t end = std::min(window.freshEnd, bytes.size() - 31);
        for (std::size_t at = alignedFresh(window, 8); at < end; at += 8)
            if (littleWord<std::uint32_t>(bytes.data() + at) == 0x00080007
                && m_names.contains(littleWord<std::uint64_t>(bytes.data() + at + 8)))
                found.insert({littleWord<std::uint64_t>(bytes.data() + at + 24),
                              littleWord<std::uint16_t>(bytes.data() + at + 16)});
        keepFirst(found, mostNames);
    }

    void join(WalkRound& other) override
    {
        found.merge(static_cast<EntryRound&>(other).found);
        keepFirst(found, mostNames);
    }

    std::set<Encrypted> found;

private:
    const std::set<std::uint64_t>& m_names;
};

class LsaWalk : public Walk {
public:
    std::unique_ptr<WalkRound> newRound() override
    {
        switch (m_step) {
        case Step::Keys:
            return std::make_unique<KeyRound>();
        case Step::Names:
            return std::make_unique<NameRound>();
        case Step::Entries:
            return std::make_unique<EntryRound>(m_names);
        case Step::Done:
            break;
        }
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        switch (m_step) {
        case Step::Keys:
            for (auto& [place, found] : static_cast<KeyRound&>(gathered).keys) {
                m_keys.insert(found.key.key);
                sink.add(matchOf(std::move(found.key), std::move(found.places)));
            }
            m_step = m_keys.empty() ? Step::Done : Step::Names;
            break;
        case Step::Names:
            m_names = std::move(static_cast<NameRound&>(gathered).names);
            m_step = m_names.empty() ? Step::Done : Step::Entries;
            break;
        case Step::Entries:
            m_step = Step::Done;
            for (const Encrypted& entry : static_cast<EntryRound&>(gathered).found)
                if (const Status status = tell(entry, context, sink); !status)
                    return status;
            break;
        case Step::Done:
            break;
        }
        return {};
    }

private:
    enum class Step { Keys, Names, Entries, Done };

    Status tell(const Encrypted& entry, const WalkContext& context, MatchSink& sink) const
    {
        SecretBytes ciphertext(entry.size);
        const auto read = context.memory.read(context.source, entry.address, ciphertext);
        if (!read)
            return read.error();
        if (*read != ciphertext.size())
            return {};
        for (const SecretBytes& key : m_keys) {
            auto credential = readMsvCredential(decryptLsa(ciphertext, key));
            if (!credential)
                continue;
            Match match;
            match.rule = &lsaRules()[1];
            match.confidence = Confidence::Verified;
            match.proof = "a key of the same dump decrypts it";
            match.form = ValueForm::Binary;
            match.places = context.memory.fileRanges(entry.address, entry.size);
            match.value = std::move(credential->ntHash);
            match.derived.push_back(
                {"SHA-1 of the password", ValueForm::Binary, std::move(credential->shaHash)});
            sink.add(std::move(match));
            break;
        }
        return {};
    }

    Step m_step = Step::Keys;
    std::set<SecretBytes> m_keys;
    std::set<std::uint64_t> m_names;
};

std::unique_ptr<Walk> newLsaWalk(const Dump&) { return std::make_unique<LsaWalk>(); }

} // namespace

extern const Detector lsakeysDetector;
const Detector lsakeysDetector {"lsakeys", lsaRules, 0, nullptr, false, newLsaWalk};

} // namespace coredact

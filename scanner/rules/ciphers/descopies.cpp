// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/descopies.h"

#include "scanner/base/distinctbytes.h"

#include <algorithm>
#include <map>
#include <string>

namespace coredact {

namespace {

constexpr std::size_t keyBytes = 8;
constexpr std::size_t mostKeys = 256;
constexpr std::size_t mostFound = 65536;
constexpr std::size_t fewestDistinct = 5;

SecretBytes withoutParity(ByteView key)
{
    SecretBytes bytes(key.begin(), key.end());
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(byte & 0xfe);
    return bytes;
}

struct Found {
    std::vector<FileRange> places;
    SecretBytes bytes;
};

class CopiesRound : public WalkRound {
public:
    explicit CopiesRound(const std::set<SecretBytes>& keys)
        : m_keys(keys)
    {
    }

    std::vector<Anchor> anchors() const override
    {
        std::vector<Anchor> anchors;
        for (const SecretBytes& key : m_keys)
            anchors.push_back({{key[0], key[1], key[2], key[3]}, {0xfe, 0xfe, 0xfe, 0xfe}, 0});
        return anchors;
    }

    void lookAt(const Window& window, std::size_t position) override
    {
        if (!window.fresh(position) || window.bytes.size() - position < keyBytes)
            return;
        const ByteView bytes = window.bytes.subspan(position, keyBytes);
        if (!m_keys.contains(withoutParity(bytes)))
            return;
        found[placeInFile(window, position)]
            = {window.map->fileRanges(position, position + keyBytes), {bytes.begin(), bytes.end()}};
        keepFirst(found, mostFound);
    }

    void join(WalkRound& other) override
    {
        found.merge(static_cast<CopiesRound&>(other).found);
        keepFirst(found, mostFound);
    }

    std::map<std::uint64_t, Found> found; ///< by place

private:
    const std::set<SecretBytes>& m_keys;
};

} // namespace

const RuleInfo& desKeyRule()
{
    static const RuleInfo rule {
        "des-key-schedule",
        "DES key in use",
        Severity::High,
        "The round keys that a cipher computed from a DES or triple DES key, or that key itself "
        "beside them. They give the key away, and with it whatever it protects: card transactions, "
        "tickets of an old Kerberos realm, a VPN, or stored data.",
        "Replace the key, and with it the cipher: DES is searched through in a day, and triple DES "
        "is withdrawn (NIST SP 800-131A). Encrypt the data anew with AES.",
        {"symmetric-key"},
        100};
    return rule;
}

DesCopiesWalk::DesCopiesWalk(const std::set<SecretBytes>& keys)
{
    for (const SecretBytes& key : keys)
        for (std::size_t at = 0; at + keyBytes <= key.size(); at += keyBytes)
            if (SecretBytes part = withoutParity(ByteView(key).subspan(at, keyBytes));
                distinctBytes(part) >= fewestDistinct)
                m_keys.insert(std::move(part));
    keepFirst(m_keys, mostKeys);
}

std::unique_ptr<WalkRound> DesCopiesWalk::newRound()
{
    return m_done || m_keys.empty() ? nullptr : std::make_unique<CopiesRound>(m_keys);
}

Status DesCopiesWalk::endRound(WalkRound& gathered, const WalkContext&, MatchSink& sink)
{
    m_done = true;
    for (auto& [place, found] : static_cast<CopiesRound&>(gathered).found) {
        Match match;
        match.rule = &desKeyRule();
        match.confidence = Confidence::Verified;
        match.proof = "its round keys are in this dump";
        match.title = "DES key, or a part of one of triple DES";
        match.form = ValueForm::Binary;
        match.places = std::move(found.places);
        match.value = std::move(found.bytes);
        sink.add(std::move(match));
    }
    return {};
}

} // namespace coredact

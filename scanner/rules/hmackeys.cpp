// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of HMACs in use: bytes that somebody points at with their length beside the pointer, and
// that give the state of a hash in the same dump; and those whose two pads stand in it.
#include "scanner/base/distinctbytes.h"
#include "scanner/base/memoryword.h"
#include "scanner/rules/detector.h"
#include "scanner/rules/hmac/gopads.h"
#include "scanner/rules/hmac/keyedhash.h"
#include "scanner/rules/hmac/pads.h"
#include "scanner/rules/hmac/states.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace coredact {

namespace {

constexpr std::size_t mostStates = 4096;
constexpr std::size_t mostPads = std::size_t {1} << 14;
constexpr std::size_t mostSlices = std::size_t {1} << 16;
constexpr std::size_t shortestKey = 14; ///< RFC 2104 asks for no less than the digest
constexpr std::size_t longestKey = 128;
constexpr std::size_t fewestDistinct = 10;
/// From the first byte of a context to its count.
constexpr std::size_t countReach = 64;

std::span<const RuleInfo> hmacRules()
{
    static const std::array rules {
        RuleInfo {"hmac-key-memory",
                  "HMAC key in use",
                  Severity::High,
                  "A key with which a program signs or checks messages: packets of a tunnel, "
                  "cookies, requests. Whoever holds it can make messages that pass as genuine.",
                  "Make a new key at both ends. The key of a single connection ends with it.",
                  {"hmac"},
                  80},
    };
    return rules;
}

/// By the place of the first byte, and the size of the block.
using Pads = std::map<std::pair<std::uint64_t, std::size_t>, HmacPad>;

/// Gathers the states of hashes that took one block, and what may be pads. By place, so that a
/// bound on their number keeps the same ones whatever the order.
class StateRound : public WalkRound {
public:
    std::vector<Anchor> anchors() const override
    {
        return {{{0x00, 0x02, 0x00, 0x00}, {0xff, 0xff, 0xff, 0xff}, countReach},
                {{0x00, 0x04, 0x00, 0x00}, {0xff, 0xff, 0xff, 0xff}, countReach},
                padAnchor(outerHmacPad),
                padAnchor(innerHmacPad)};
    }
    void lookAt(const Window& window, std::size_t position) override
    {
        const std::uint8_t byte = window.bytes[position];
        if (byte == outerHmacPad || byte == innerHmacPad)
            lookAtPad(window, position);
        else
            lookAtState(window, position);
    }
    void look(const Window& window) override
    {
        addGoPads(window, goPads);
        keepFirst(goPads, mostStates);
    }
    void join(WalkRound& other) override
    {
        auto& that = static_cast<StateRound&>(other);
        for (auto& [address, state] : that.states)
            keep(address, std::move(state));
        goPads.merge(that.goPads);
        keepFirst(goPads, mostStates);
        for (const auto& [mine, others] :
             {std::pair {&outerPads, &that.outerPads}, {&innerPads, &that.innerPads}}) {
            mine->merge(*others);
            keepFirst(*mine, mostPads);
        }
    }

    std::map<std::uint64_t, SecretBytes> states; ///< by address
    std::set<GoPads> goPads;
    Pads outerPads;
    Pads innerPads;

private:
    static Anchor padAnchor(std::uint8_t pad)
    {
        return {{pad, pad, pad, pad}, {0xff, 0xff, 0xff, 0xff}, longestHmacBlock};
    }

    void lookAtPad(const Window& window, std::size_t position)
    {
        const std::uint8_t pad = window.bytes[position];
        if (position == 0 || window.bytes[position - 1] == pad)
            return;
        Pads& pads = pad == outerHmacPad ? outerPads : innerPads;
        for (HmacPad& one : hmacPadsAt(window, position)) {
            const std::pair place {one.places.front().first(), one.block.size()};
            pads.emplace(place, std::move(one));
        }
        keepFirst(pads, mostPads);
    }

    void lookAtState(const Window& window, std::size_t position)
    {
        if (!window.address || (*window.address + position) % 4 != 0)
            return;
        const auto state = hashStateAt(window.bytes, position);
        if (!state || !window.fresh(state->begin))
            return;
        const ByteView bytes = window.bytes.subspan(state->begin, state->end - state->begin);
        keep(*window.address + state->begin, {bytes.begin(), bytes.end()});
    }

    void keep(std::uint64_t address, SecretBytes state)
    {
        states.emplace(address, std::move(state));
        keepFirst(states, mostStates);
    }
};

/// A pointer with a length behind it.
struct Slice {
    std::uint64_t address = 0;
    std::uint64_t size = 0;

    auto operator<=>(const Slice&) const = default;
};

class SliceRound : public WalkRound {
public:
    SliceRound(const Dump& dump, const AddressSpace& memory)
        : m_memory(memory)
        , m_word(dump.wordSize == 4 ? 4 : 8)
    {
    }

    void look(const Window& window) override
    {
        if (!window.address)
            return;
        const ByteView bytes = window.bytes;
        const std::size_t end = std::min(window.freshEnd, bytes.size());
        for (std::size_t at = alignedFresh(window, m_word);
             at < end && bytes.size() - at >= 3 * m_word; at += m_word) {
            if (bytes[at + m_word] < shortestKey || bytes[at + m_word] > longestKey)
                continue;
            const std::uint64_t size = number(bytes, at + m_word);
            if (size > longestKey)
                continue;
            const Slice slice {number(bytes, at), size};
            if (m_memory.segmentAt(slice.address))
                keep(slice);
        }
    }
    void join(WalkRound& other) override
    {
        for (const Slice& slice : static_cast<SliceRound&>(other).slices)
            keep(slice);
    }

    std::set<Slice> slices;

private:
    std::uint64_t number(ByteView bytes, std::size_t at) const
    {
        return numberOf(bytes.subspan(at, m_word), ByteOrder::Little);
    }
    /// Of too many those with the lowest addresses stay, whatever the order.
    void keep(const Slice& slice)
    {
        slices.insert(slice);
        keepFirst(slices, mostSlices);
    }

    const AddressSpace& m_memory;
    std::size_t m_word;
};

class HmacWalk : public Walk {
public:
    explicit HmacWalk(const Dump& dump)
        : m_dump(dump)
        , m_memory(dump.segments)
        // Contexts are known as little-endian machines hold them.
        , m_step(dump.order == ByteOrder::Little ? Step::States : Step::Done)
    {
    }

    std::unique_ptr<WalkRound> newRound() override
    {
        switch (m_step) {
        case Step::States:
            return std::make_unique<StateRound>();
        case Step::Keys:
            return std::make_unique<SliceRound>(m_dump, m_memory);
        case Step::Done:
            break;
        }
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        if (m_step == Step::States) {
            for (auto& [address, state] : static_cast<StateRound&>(gathered).states) {
                m_stateSizes.insert(state.size());
                m_states.insert(std::move(state));
            }
            m_step = m_states.empty() ? Step::Done : Step::Keys;
            tellPads(static_cast<StateRound&>(gathered), sink);
            return tellPads(static_cast<StateRound&>(gathered).goPads, context, sink);
        }
        m_step = Step::Done;
        for (const Slice& slice : static_cast<SliceRound&>(gathered).slices) {
            if (context.control.cancelled())
                break;
            SecretBytes key(static_cast<std::size_t>(slice.size));
            const auto read = m_memory.read(context.source, slice.address, key);
            if (!read)
                return read.error();
            if (*read == key.size() && distinctBytes(key) >= fewestDistinct)
                tryKey(slice, key, sink);
        }
        return {};
    }

private:
    enum class Step { States, Keys, Done };

    /// Any outer pad and any inner one that give the same key.
    void tellPads(const StateRound& round, MatchSink& sink)
    {
        std::map<SecretBytes, const HmacPad*> inner;
        for (const auto& [place, pad] : round.innerPads)
            inner.emplace(keyOfPad(pad.block, innerHmacPad), &pad);
        for (const auto& [place, pad] : round.outerPads)
            if (const auto it = inner.find(keyOfPad(pad.block, outerHmacPad)); it != inner.end())
                tellPads(pad, *it->second, "HMAC key in use", sink);
    }

    Status tellPads(const std::set<GoPads>& found, const WalkContext& context, MatchSink& sink)
    {
        for (const GoPads& pads : found) {
            if (context.control.cancelled())
                break;
            SecretBytes bytes(static_cast<std::size_t>(2 * pads.size));
            const std::size_t size = bytes.size() / 2;
            for (const bool isInner : {false, true}) {
                const auto read = m_memory.read(context.source, isInner ? pads.inner : pads.outer,
                                                std::span(bytes).subspan(isInner ? size : 0, size));
                if (!read)
                    return read.error();
            }
            const auto pad = [&](std::uint64_t address, ByteView block) {
                return HmacPad {m_memory.fileRanges(address, size), {block.begin(), block.end()}};
            };
            tellPads(pad(pads.outer, ByteView(bytes).first(size)),
                     pad(pads.inner, ByteView(bytes).last(size)), "HMAC key in use (Go)", sink);
        }
        return {};
    }

    void tellPads(const HmacPad& outer, const HmacPad& inner, const char* title, MatchSink& sink)
    {
        SecretBytes key = keyOfPads(outer.block, inner.block);
        if (key.size() < shortestKey || distinctBytes(key) < fewestDistinct
            || !m_told.insert(key).second)
            return;
        Match match;
        match.rule = &hmacRules()[0];
        match.confidence = Confidence::Verified;
        match.title = title;
        match.proof = "both pads of an HMAC in this dump give the same key";
        match.form = ValueForm::Binary;
        match.places = outer.places;
        match.places.insert(match.places.end(), inner.places.begin(), inner.places.end());
        const auto derive = [&](const char* name, ByteView value) {
            match.derived.push_back({name, ValueForm::Binary, {value.begin(), value.end()}});
        };
        derive("outer pad", ByteView(outer.block).first(key.size()));
        derive("inner pad", ByteView(inner.block).first(key.size()));
        for (const HashForm& hash : hashForms) {
            if (hash.block != outer.block.size())
                continue;
            derive("inner state", hmacStateOf(hash.kind, HmacSide::Inner, key));
            derive("outer state", hmacStateOf(hash.kind, HmacSide::Outer, key));
        }
        match.value = std::move(key);
        sink.add(std::move(match));
    }

    void tryKey(const Slice& slice, const SecretBytes& key, MatchSink& sink) const
    {
        for (const HashForm& hash : hashForms) {
            if (!m_stateSizes.contains(hash.state) || key.size() > hash.block)
                continue;
            SecretBytes inner = hmacStateOf(hash.kind, HmacSide::Inner, key);
            if (!m_states.contains(inner))
                continue;
            SecretBytes outer = hmacStateOf(hash.kind, HmacSide::Outer, key);
            if (m_states.contains(outer))
                tell(slice, hash, key, {std::move(inner), std::move(outer)}, sink);
        }
    }

    void tell(const Slice& slice, const HashForm& hash, const SecretBytes& key,
              std::array<SecretBytes, 2> states, MatchSink& sink) const
    {
        Match match;
        match.rule = &hmacRules()[0];
        match.confidence = Confidence::Verified;
        match.title = "HMAC key in use, " + std::string(hash.name);
        match.proof = "it gives the inner and the outer state of an HMAC in this dump";
        match.form = ValueForm::Binary;
        match.places = m_memory.fileRanges(slice.address, key.size());
        match.value = key;
        match.derived.push_back({"inner state", ValueForm::Binary, std::move(states[0])});
        match.derived.push_back({"outer state", ValueForm::Binary, std::move(states[1])});
        sink.add(std::move(match));
    }

    const Dump& m_dump;
    AddressSpace m_memory;
    Step m_step;
    std::set<SecretBytes> m_states;
    std::set<std::size_t> m_stateSizes;
    std::set<SecretBytes> m_told; ///< keys of pads
};

std::unique_ptr<Walk> newHmacWalk(const Dump& dump) { return std::make_unique<HmacWalk>(dump); }

} // namespace

extern const Detector hmackeysDetector;
const Detector hmackeysDetector {"hmackeys", hmacRules, 0, nullptr, false, newHmacWalk};

} // namespace coredact

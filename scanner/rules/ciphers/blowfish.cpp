// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/blowfish.h"

#include "scanner/rules/ciphers/blowfishstart.h"

#include <algorithm>
#include <utility>

namespace coredact {

namespace {

constexpr std::size_t subkeys = 18;
constexpr std::size_t rounds = 16;
constexpr std::size_t words = 1042;
static_assert(4 * words == blowfishBytes);

struct Block {
    std::uint32_t left = 0;
    std::uint32_t right = 0;
    bool operator==(const Block&) const = default;
};

/// Subkeys, then S-boxes.
class State {
public:
    explicit State(const std::array<std::uint32_t, words>& all)
        : m_words(all)
    {
    }

    std::uint32_t& operator[](std::size_t i) { return m_words[i]; }
    std::uint32_t operator[](std::size_t i) const { return m_words[i]; }
    Block pair(std::size_t i) const { return {m_words[i], m_words[i + 1]}; }

    std::uint32_t mixed(std::uint32_t x) const
    {
        const auto box = [&](std::size_t i, std::uint32_t index) {
            return m_words[subkeys + 256 * i + (index & 0xff)];
        };
        return ((box(0, x >> 24) + box(1, x >> 16)) ^ box(2, x >> 8)) + box(3, x);
    }

    /// The block before round `from`, as it is before round `to`.
    Block through(Block block, std::size_t from, std::size_t to) const
    {
        for (std::size_t i = from; i < to; ++i) {
            block.left ^= m_words[i];
            block.right ^= mixed(block.left);
            std::swap(block.left, block.right);
        }
        return block;
    }

    Block encrypted(Block block) const
    {
        block = through(block, 0, rounds);
        return {block.right ^ m_words[17], block.left ^ m_words[16]};
    }

    /// What is before round `to` when the encryption of it gives `block`.
    Block back(Block block, std::size_t to) const
    {
        block = {block.right ^ m_words[16], block.left ^ m_words[17]};
        for (std::size_t i = rounds; i-- > to;) {
            std::swap(block.left, block.right);
            block.right ^= mixed(block.left);
            block.left ^= m_words[i];
        }
        return block;
    }

private:
    std::array<std::uint32_t, words> m_words;
};

/// The subkeys as they were before they were replaced, the last two first: these of a step are the
/// only ones that it does not know.
State withFirstSubkeys(const State& state)
{
    State undone = state;
    for (std::size_t i = subkeys; i < words; ++i)
        undone[i] = blowfishStart[i];
    for (std::size_t i = subkeys; i > 0;) {
        i -= 2;
        const Block input = i == 0 ? Block {} : state.pair(i - 2);
        const Block output = state.pair(i);
        const Block before = undone.through(input, 0, std::min(i, rounds));
        if (i == rounds) {
            undone[17] = output.left ^ before.right;
            undone[16] = output.right ^ before.left;
            continue;
        }
        // Two rounds: left ^ first, right ^ F(that) ^ second, and again.
        const Block after = undone.back(output, i + 2);
        const std::uint32_t first = after.left ^ undone.mixed(after.right);
        undone[i] = before.left ^ first;
        undone[i + 1] = before.right ^ undone.mixed(first) ^ after.right;
    }
    return undone;
}

SecretBytes keyOf(const State& undone)
{
    SecretBytes bytes;
    for (std::size_t i = 0; i < subkeys; ++i)
        putBig(bytes, undone[i] ^ blowfishStart[i]);
    std::size_t period = 1;
    while (!std::equal(bytes.begin() + static_cast<std::ptrdiff_t>(period), bytes.end(),
                       bytes.begin()))
        ++period;
    bytes.resize(period);
    return bytes;
}

bool makes(State state, const State& wanted)
{
    Block block;
    for (std::size_t i = 0; i < words; i += 2) {
        block = state.encrypted(block);
        if (block != wanted.pair(i))
            return false;
        state[i] = block.left;
        state[i + 1] = block.right;
    }
    return true;
}

std::optional<KeySchedule> keyMaking(const State& state)
{
    const State undone = withFirstSubkeys(state);
    if (!makes(undone, state))
        return std::nullopt;
    return KeySchedule {blowfishBytes, keyOf(undone)};
}

/// Where the state's parts begin.
struct Layout {
    std::size_t subkeys = 0;
    std::size_t boxes = 0;
};

constexpr std::array layouts {Layout {0, 4 * subkeys}, Layout {4096, 0}};

/// Whether the last two words of the S-boxes are what encrypting those before them gives, with
/// those two as they are at first.
bool endsAsMade(const std::uint8_t* place, Layout layout)
{
    const auto word = [&](std::size_t at) { return littleWord<std::uint32_t>(place + at); };
    const auto box = [&](std::size_t i, std::uint32_t x) {
        const std::size_t index = 256 * i + (x & 0xff);
        return index < 1022 ? word(layout.boxes + 4 * index) : blowfishStart[subkeys + index];
    };
    Block block {word(layout.boxes + 4080), word(layout.boxes + 4084)};
    for (std::size_t i = 0; i < rounds; ++i) {
        block.left ^= word(layout.subkeys + 4 * i);
        const std::uint32_t x = block.left;
        block.right ^= ((box(0, x >> 24) + box(1, x >> 16)) ^ box(2, x >> 8)) + box(3, x);
        std::swap(block.left, block.right);
    }
    return word(layout.boxes + 4088) == (block.right ^ word(layout.subkeys + 68))
        && word(layout.boxes + 4092) == (block.left ^ word(layout.subkeys + 64));
}

} // namespace

std::optional<KeySchedule> blowfishAt(ByteView bytes)
{
    if (bytes.size() < blowfishBytes)
        return std::nullopt;
    for (const Layout layout : layouts) {
        if (!endsAsMade(bytes.data(), layout))
            continue;
        std::array<std::uint32_t, words> all {};
        for (std::size_t i = 0; i < words; ++i)
            all[i] = littleWord<std::uint32_t>(
                bytes.data()
                + (i < subkeys ? layout.subkeys + 4 * i : layout.boxes + 4 * (i - subkeys)));
        if (auto schedule = keyMaking(State(all)))
            return schedule;
    }
    return std::nullopt;
}

} // namespace coredact

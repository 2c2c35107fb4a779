// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/regex/words.h"
#include "scanner/rules/textruns.h"
#include "scanner/rules/words/kernel.h"

#include <functional>
#include <map>

namespace coredact {

/// Finds the words of many expressions at a time, at several bytes a cycle. A table for each of the
/// first bytes tells which of some sets of words a place may begin; what is left is looked at more
/// closely. Says more than there is: bytes above 0x7f count as those below, and places past a
/// word's end as any. Immutable once `prepare` was called; any thread.
class WordFinder {
public:
    void add(const Words& words);
    /// After all words were added.
    void prepare();
    bool empty() const { return m_words.empty(); }

    /// Calls `hear` with zones inside those given that hold all that belongs to a word: for each
    /// word that may stand there, in the order of the words' places. Where words stand side by
    /// side, as in long numbers, a zone may be for the next places too, whatever these hold.
    using Hear = std::function<void(const Zone& zone)>;
    void find(ByteView bytes, const std::vector<Zone>& zones, const Hear& hear) const;

    /// Instead of the best one.
    void useKernel(HeadKernel kernel) { m_kernel = kernel; }

private:
    /// Around a word's head.
    struct Reach {
        std::size_t before = 0;
        std::size_t after = 0;
    };
    /// Up to 64 words: for each place and byte a bit for each word that lets it stand there.
    struct Group {
        static constexpr std::size_t most = 64;
        static constexpr std::size_t head = longestWord - wordStart; ///< the first place of heads
        using Place = std::array<std::uint64_t, 128>;
        std::array<Place, head + longestWord> places {};
        std::vector<Reach> reach {};

        Group();
        void add(const FoundWord& word, const Reach& of);
        /// How far the words reach whose head may be at a place; nothing where none may.
        Reach at(ByteView bytes, std::size_t place) const;
    };
    void addGroups(std::size_t set, const std::vector<const FoundWord*>& words);
    /// Where in a zone words of a set were last found.
    struct Lately {
        std::size_t nearUntil = 0; ///< a place before this one is near the last word
        std::size_t heardUntil = 0; ///< words before this place have been heard of
    };
    using EachLately = std::array<Lately, wordSets>;
    Reach reachAt(ByteView bytes, std::size_t place, std::size_t set) const;
    void look(ByteView bytes, const Zone& zone, std::size_t place, unsigned sets,
              EachLately& lately, const Hear& hear) const;

    struct Before {
        bool operator()(const FoundWord& a, const FoundWord& b) const;
    };
    std::map<FoundWord, Reach, Before> m_words;
    WordTables m_tables {};
    std::array<std::vector<Group>, wordSets> m_groups;
    std::array<Reach, wordSets> m_reach {}; ///< how far the words of each set reach at most
    HeadKernel m_kernel = headKernels().back().kernel;
};

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/anchors/anchor.h"
#include "scanner/rules/detector.h"

#include <array>
#include <iterator>
#include <memory>

namespace coredact {

/// Bytes past a window's fresh part that a walk may look at; no window of a dump that goes on has
/// fewer.
inline constexpr std::size_t walkReach = std::size_t {1} << 14;

/// Bounds a sorted set or map that gathers: of too many the last ones go, so that what stays
/// depends neither on who saw it nor on when. Whether any went.
template <typename Sorted> [[nodiscard]] bool keepFirst(Sorted& gathered, std::size_t most)
{
    if (gathered.size() <= most)
        return false;
    while (gathered.size() > most)
        gathered.erase(std::prev(gathered.end()));
    return true;
}

/// Keeps in mind that something was left out, so that it can be told.
class Bounded {
public:
    bool leftOut() const { return m_leftOut; }
    template <typename Sorted> void keepFirst(Sorted& gathered, std::size_t most)
    {
        if (coredact::keepFirst(gathered, most))
            m_leftOut = true;
    }
    void leaveOut() { m_leftOut = true; }

private:
    bool m_leftOut = false;
};

/// What one thread gathers in one round of a walk. Windows are of raw bytes in memory order; only
/// what begins in their fresh part counts; they come in any order. Pages of one repeated byte are
/// left out.
class WalkRound : public Bounded {
public:
    virtual ~WalkRound() = default;
    /// What `lookAt` is to be told of: the anchors of all walks are searched for in one pass, so
    /// this costs little where a search of one's own costs as much as reading the bytes.
    virtual std::vector<Anchor> anchors() const { return {}; }
    /// An anchor stands at `position`, fresh or up to its reach behind the fresh part.
    virtual void lookAt(const Window&, std::size_t /*position*/) { }
    /// Looks at a whole window, where anchors do not serve.
    virtual void look(const Window&) { }
    /// Takes over what another thread gathered in the same round (it is of the same type). What
    /// comes of it must not depend on which thread saw which window, nor on where windows begin.
    virtual void join(WalkRound& other) = 0;
    /// Whether there was more than may be gathered, here or in what this owns. Told of any
    /// thread's.
    virtual bool hasLeftOut() const { return leftOut(); }
};

/// Finds secrets that show only when places far apart are looked at together: in rounds over the
/// whole dump. The first round goes along with the scan's own pass, the others share one pass
/// each. One for each scan; its own methods are called from one thread.
class Walk : public Bounded {
public:
    virtual ~Walk() = default;
    /// Before the first round. The context lives as long as the walk; its parts may be read from
    /// any thread.
    virtual void begin(const WalkContext&) { }
    /// One thread's part of the next round; null when there is nothing more to look for. All
    /// parts of a round are made before it begins.
    virtual std::unique_ptr<WalkRound> newRound() = 0;
    /// Ends the round with what all threads gathered. An error ends the walk.
    virtual Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) = 0;
};

/// The first fresh position whose address (or file offset, where it is no memory) is a multiple of
/// `alignment`.
std::size_t alignedFresh(const Window& window, std::size_t alignment);

/// Where in the file the byte at `position` stands.
std::uint64_t placeInFile(const Window& window, std::size_t position);

} // namespace coredact

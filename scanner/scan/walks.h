// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/anchors/search.h"
#include "scanner/rules/walk.h"
#include "scanner/scan/pass.h"

#include <optional>

namespace coredact {

/// One thread's part of a round: shows each window, and the places of their anchors, to rounds of
/// walks. Seams are left out.
class RoundPart : public PassPart {
public:
    /// `round` must outlive this.
    void add(WalkRound& round);
    bool empty() const { return m_shown.empty(); }
    void look(const Window& window, const std::vector<FileRange>* crossing) override;

private:
    friend class Walks;
    void searchAnchors(const Window& window);

    std::vector<std::unique_ptr<WalkRound>> m_rounds; ///< by walk; null where it has ended
    std::vector<WalkRound*> m_shown;
    std::vector<Anchor> m_anchors;
    std::vector<WalkRound*> m_told; ///< of each anchor
    std::optional<AnchorSearch> m_search; ///< for the anchors, made when the first window comes
};

/// All walks of a scan, in step: each pass over the dump serves one round of each.
class Walks {
public:
    explicit Walks(const WalkContext& context);

    /// One more, which takes part from the next round on; `name` as a detector's.
    void add(std::string_view name, std::unique_ptr<Walk> walk);
    /// The parts of the next round, one for each thread; none when all walks have ended.
    std::vector<std::unique_ptr<RoundPart>> newRound(unsigned threads);
    /// Ends the round that the parts have gone through.
    void endRound(std::span<const std::unique_ptr<RoundPart>> parts, MatchSink& sink);
    /// Why walks ended early.
    const std::vector<Error>& failures() const { return m_failures; }
    /// The names of those for which there was more than they can hold.
    std::vector<std::string_view> full() const;

private:
    struct Named {
        std::string_view name;
        std::unique_ptr<Walk> walk; ///< null once it has ended
        bool leftOut = false;
    };
    void endRound(Named& named, std::size_t number,
                  std::span<const std::unique_ptr<RoundPart>> parts, MatchSink& sink);

    const WalkContext& m_context;
    std::vector<Named> m_walks;
    std::vector<Error> m_failures;
};

} // namespace coredact

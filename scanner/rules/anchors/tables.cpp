// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/anchors/tables.h"

#include <algorithm>
#include <bit>

namespace coredact {

namespace {

/// Which halves of bytes may stand at each of the four places.
struct Shape {
    std::array<std::uint16_t, 4> low {};
    std::array<std::uint16_t, 4> high {};

    Shape joined(const Shape& other) const
    {
        Shape both = *this;
        for (std::size_t i = 0; i < low.size(); ++i) {
            both.low[i] |= other.low[i];
            both.high[i] |= other.high[i];
        }
        return both;
    }

    /// How often such bytes are met, roughly: memory is numbers full of zeros, text, and bytes of
    /// any kind.
    double likelihood() const
    {
        return (of(numbers, numbers) + of(even, letters) + of(even, even)) / 3;
    }

private:
    using Shares = std::array<double, 16>;
    static constexpr Shares numbers {.7,  .02, .02, .02, .02, .02, .02, .02,
                                     .02, .02, .02, .02, .02, .02, .02, .02};
    static constexpr Shares letters {.03, 0, .22, .08, .06, .06, .35, .2, 0, 0, 0, 0, 0, 0, 0, 0};
    static constexpr Shares even {1. / 16, 1. / 16, 1. / 16, 1. / 16, 1. / 16, 1. / 16,
                                  1. / 16, 1. / 16, 1. / 16, 1. / 16, 1. / 16, 1. / 16,
                                  1. / 16, 1. / 16, 1. / 16, 1. / 16};

    /// Where halves are met as often as `lows` and `highs` say.
    double of(const Shares& lows, const Shares& highs) const
    {
        double all = 1;
        for (std::size_t i = 0; i < low.size(); ++i)
            all *= sum(low[i], lows) * sum(high[i], highs);
        return all;
    }
    static double sum(std::uint16_t halves, const Shares& shares)
    {
        double all = 0;
        for (std::size_t half = 0; half < shares.size(); ++half)
            all += (halves >> half & 1) != 0 ? shares[half] : 0;
        return all;
    }
};

Shape shapeOf(const Anchor& anchor)
{
    Shape shape;
    for (std::size_t i = 0; i < anchor.value.size(); ++i)
        for (unsigned half = 0; half < 16; ++half) {
            if ((half & anchor.mask[i] & 15U) == (anchor.value[i] & 15U))
                shape.low[i] |= static_cast<std::uint16_t>(1U << half);
            if ((half & static_cast<unsigned>(anchor.mask[i] >> 4)) == anchor.value[i] >> 4U)
                shape.high[i] |= static_cast<std::uint16_t>(1U << half);
        }
    return shape;
}

struct Cluster {
    Cluster(const Shape& one, const AnchorTables::Numbered& anchor)
        : shape(one)
        , likelihood(one.likelihood())
        , anchors {anchor}
    {
    }
    Shape shape;
    double likelihood;
    std::vector<AnchorTables::Numbered> anchors;
};

/// What is lost where two clusters become one, kept for each two: a scan begins with this.
class Joiner {
public:
    explicit Joiner(std::vector<Cluster>& clusters)
        : m_clusters(clusters)
        , m_costs(clusters.size())
    {
        for (std::size_t j = 0; j < clusters.size(); ++j)
            for (std::size_t i = 0; i < j; ++i)
                m_costs[j].push_back(cost(i, j));
    }

    /// Joins the two that lose least by it.
    void joinCheapest()
    {
        std::size_t first = 0;
        std::size_t second = 1;
        for (std::size_t j = 1; j < m_costs.size(); ++j)
            for (std::size_t i = 0; i < j; ++i)
                if (m_costs[j][i] < m_costs[second][first]) {
                    first = i;
                    second = j;
                }
        Cluster& to = m_clusters[first];
        const Cluster& from = m_clusters[second];
        to.shape = to.shape.joined(from.shape);
        to.likelihood = to.shape.likelihood();
        to.anchors.insert(to.anchors.end(), from.anchors.begin(), from.anchors.end());
        drop(second);
        for (std::size_t other = 0; other < m_clusters.size(); ++other)
            if (other != first)
                m_costs[std::max(first, other)][std::min(first, other)] = cost(first, other);
    }

private:
    double cost(std::size_t i, std::size_t j) const
    {
        return m_clusters[i].shape.joined(m_clusters[j].shape).likelihood()
            - m_clusters[i].likelihood - m_clusters[j].likelihood;
    }
    void drop(std::size_t index)
    {
        const auto at = static_cast<std::ptrdiff_t>(index);
        m_clusters.erase(m_clusters.begin() + at);
        m_costs.erase(m_costs.begin() + at);
        for (std::size_t j = index; j < m_costs.size(); ++j)
            m_costs[j].erase(m_costs[j].begin() + at);
    }

    std::vector<Cluster>& m_clusters;
    std::vector<std::vector<double>> m_costs; ///< of each with those before it
};

} // namespace

AnchorTables::AnchorTables(std::span<const Anchor> anchors)
{
    std::vector<Cluster> clusters;
    for (std::size_t i = 0; i < anchors.size(); ++i)
        clusters.emplace_back(shapeOf(anchors[i]), Numbered {anchors[i], i});
    for (Joiner joiner(clusters); clusters.size() > buckets.size();)
        joiner.joinCheapest();
    for (std::size_t bucket = 0; bucket < clusters.size(); ++bucket) {
        const auto bit = static_cast<std::uint8_t>(1U << bucket);
        const Shape& shape = clusters[bucket].shape;
        for (std::size_t i = 0; i < low.size(); ++i)
            for (std::size_t half = 0; half < 16; ++half) {
                if ((shape.low[i] >> half & 1) != 0)
                    low[i][half] = static_cast<std::uint8_t>(low[i][half] | bit);
                if ((shape.high[i] >> half & 1) != 0)
                    high[i][half] = static_cast<std::uint8_t>(high[i][half] | bit);
            }
        for (const Numbered& numbered : clusters[bucket].anchors)
            addLikely(numbered.anchor, bit);
        buckets[bucket] = std::move(clusters[bucket].anchors);
    }
    for (std::size_t i = 0; i < whole.size(); ++i)
        for (std::size_t byte = 0; byte < 256; ++byte)
            whole[i][byte] = low[i][byte & 15] & high[i][byte >> 4];
}

/// Marks all words that the anchor may be; where these are too many, all there are.
void AnchorTables::addLikely(const Anchor& anchor, std::uint8_t bit)
{
    constexpr int mostFree = 8; // bits
    const std::uint32_t free = ~nativeWord<std::uint32_t>(anchor.mask.data());
    const std::uint32_t value = nativeWord<std::uint32_t>(anchor.value.data());
    const auto mark = [&](std::uint8_t& marks) { marks = static_cast<std::uint8_t>(marks | bit); };
    if (std::popcount(free) > mostFree) {
        std::for_each(likely.begin(), likely.end(), mark);
        return;
    }
    // Counts through the free bits.
    std::uint32_t part = 0;
    do {
        mark(likely[hashOf(value | part)]);
        part = (part - free) & free;
    } while (part != 0);
}

std::span<const AnchorKernelChoice> anchorKernels()
{
    static const auto kernels
        = usableKernels<AnchorKernel>({{Vectors::None, anchorKernelPortable},
                                       {Vectors::Avx2, anchorKernelAvx2},
                                       {Vectors::Avx512Bytes, anchorKernelAvx512}});
    return kernels;
}

void anchorKernelPortable(const AnchorTables& tables, ByteView bytes, std::size_t from,
                          std::size_t to, std::vector<std::uint32_t>& positions)
{
    for (; from < to; ++from)
        if (tables.bucketsAt(bytes.data() + from) != 0)
            positions.push_back(static_cast<std::uint32_t>(from));
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/passes.h"

#include "scanner/rules/ciphers/descopies.h"
#include "scanner/rules/keys/tokenharvest.h"
#include "scanner/rules/keys/wrappedcache.h"
#include "scanner/scan/tokensecrets.h"
#include "scanner/scan/walks.h"
#include "scanner/scan/worker.h"

namespace coredact {

namespace {

/// A walk's matches name their places themselves.
class WalkSink : public MatchSink {
public:
    explicit WalkSink(Collector& collector, const Source& source)
        : m_collector(collector)
        , m_source(source)
    {
    }

    void add(Match match) override
    {
        if (match.value.empty()) {
            for (const FileRange& range : match.places) {
                SecretBytes bytes(static_cast<std::size_t>(range.size()));
                if (!m_source.readAt(range.first(), bytes))
                    return;
                match.value.insert(match.value.end(), bytes.begin(), bytes.end());
            }
        }
        const std::vector<FileRange> places = match.places;
        m_collector.add(std::move(match), "raw", places);
    }

private:
    Collector& m_collector;
    const Source& m_source;
};

/// Several parts that look at the same windows.
class JoinedParts : public PassPart {
public:
    void add(std::unique_ptr<PassPart> part) { m_parts.push_back(std::move(part)); }
    void look(const Window& window, const std::vector<FileRange>* crossing) override
    {
        for (const auto& part : m_parts)
            part->look(window, crossing);
    }

private:
    std::vector<std::unique_ptr<PassPart>> m_parts;
};

/// Hands windows on to what lives elsewhere.
template <typename Look> class CallingPart : public PassPart {
public:
    explicit CallingPart(Look look)
        : m_look(std::move(look))
    {
    }
    void look(const Window& window, const std::vector<FileRange>* crossing) override
    {
        m_look(window, crossing);
    }

private:
    Look m_look;
};

template <typename Look> std::unique_ptr<PassPart> calling(Look look)
{
    return std::make_unique<CallingPart<Look>>(std::move(look));
}

class Passes {
public:
    explicit Passes(const AllPasses& all)
        : m_all(all)
        , m_walks(all.context)
        , m_sink(all.collector, all.context.source)
    {
        m_result.data = all.data;
    }

    PassResult run()
    {
        scanAndFirstRound();
        addWalksForKeys();
        otherRounds();
        m_result.failures = m_walks.failures();
        m_result.full = m_walks.full();
        if (m_tokensLeftOut)
            m_result.full.emplace_back("signedtokens");
        if (m_secretsLeftOut)
            m_result.full.emplace_back("tokensecret");
        return std::move(m_result);
    }

private:
    using Round = std::vector<std::unique_ptr<RoundPart>>;

    /// Walks that look for what the keys found so far prove.
    void addWalksForKeys()
    {
        TlsClues clues {m_all.collector.valuesOf("aes-key-schedule"),
                        m_all.collector.valuesOf(tlsSessionRule().id)};
        std::set<SecretBytes> wrapping = clues.keys;
        std::erase_if(wrapping, [](const SecretBytes& key) { return key.size() != 16; });
        if (!wrapping.empty())
            m_walks.add("wrappedcache",
                        std::make_unique<WrappedCacheWalk>(std::move(wrapping), m_result.owners));
        const auto desKeys = m_all.collector.valuesOf(desKeyRule().id);
        if (!desKeys.empty())
            m_walks.add("descopies", std::make_unique<DesCopiesWalk>(desKeys));
        clues.keys.merge(m_all.collector.valuesOf("chacha20-key"));
        if (!clues.empty())
            m_walks.add("tlssecrets",
                        std::make_unique<TlsSecretWalk>(std::move(clues), m_result.tls));
    }

    void scanAndFirstRound()
    {
        TokenHarvest tokens;
        std::vector<CertificateHarvest> certificates(m_all.threads);
        Round round = m_walks.newRound(m_all.threads);
        const bool walking = !round.empty();
        while (round.size() < m_all.threads)
            round.push_back(std::make_unique<RoundPart>());
        std::vector<JoinedParts> parts(m_all.threads);
        for (unsigned i = 0; i < m_all.threads; ++i) {
            parts[i].add(makeScanPart(m_all.rules, m_all.collector, m_all.streams, tokens));
            round[i]->add(certificates[i]);
            addRound(parts[i], round, i);
        }
        std::vector<FileRange> zeros;
        pass("scan", parts, m_all.sums, &zeros);
        m_result.data = m_all.data.without(normalised(std::move(zeros)));
        if (walking)
            endRound(round);
        for (CertificateHarvest& harvest : certificates)
            m_result.certificates.join(harvest);
        m_result.tokens = tokens.tokens();
        m_tokensLeftOut = tokens.leftOut();
    }

    /// The search for the secrets of tokens goes along with the second round, and the next ones.
    void otherRounds()
    {
        TokenSearch search(m_result.tokens);
        while (!m_all.context.control.cancelled()) {
            const Round round = m_walks.newRound(m_all.threads);
            const bool searching = search.chooseNext();
            if (round.empty() && !searching)
                break;
            std::vector<JoinedParts> parts(m_all.threads);
            for (unsigned i = 0; i < m_all.threads; ++i) {
                addRound(parts[i], round, i);
                if (searching)
                    parts[i].add(makeTokenSecretPart(search, m_all.collector));
            }
            pass("walk", parts);
            endRound(round);
        }
        m_secretsLeftOut = search.leftOut();
    }

    static void addRound(JoinedParts& parts, const Round& round, unsigned index)
    {
        if (!round.empty())
            parts.add(calling([&part = *round[index]](const Window& window, const auto* crossing) {
                part.look(window, crossing);
            }));
    }

    void pass(std::string_view stage, std::vector<JoinedParts>& parts, RangeSums* sums = nullptr,
              std::vector<FileRange>* zeros = nullptr)
    {
        std::vector<PassPart*> pointers;
        for (JoinedParts& part : parts)
            pointers.push_back(&part);
        const auto missed = runPass({m_all.context.source, m_all.work, m_result.data, m_all.shape,
                                     m_all.context.control, stage, sums, zeros},
                                    pointers);
        m_result.unreadable.insert(m_result.unreadable.end(), missed.begin(), missed.end());
    }

    void endRound(const Round& round)
    {
        if (!round.empty() && !m_all.context.control.cancelled())
            m_walks.endRound(round, m_sink);
    }

    const AllPasses& m_all;
    Walks m_walks;
    WalkSink m_sink;
    PassResult m_result;
    bool m_tokensLeftOut = false;
    bool m_secretsLeftOut = false;
};

} // namespace

PassResult takeAllPasses(const AllPasses& all) { return Passes(all).run(); }

} // namespace coredact

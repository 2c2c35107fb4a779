// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of TLS session tickets: they stand behind their name, or where the pointer behind their
// name leads, and the same name begins each ticket in the dump that they made.
#include "scanner/rules/detector.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/sessionticket.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace coredact {

namespace {

constexpr std::size_t mostTickets = 1024;
constexpr std::size_t mostNames = 4096; ///< places of names
constexpr std::size_t keysSize = 64;
/// From the begin of a NewSessionTicket to its lifetime.
constexpr std::size_t ticketReach = 4;

std::span<const RuleInfo> ticketRules()
{
    static const std::array rules {
        RuleInfo {"tls-ticket-key",
                  "TLS session ticket key",
                  Severity::Critical,
                  "A key of a TLS server's session tickets. Without forward secrecy it opens every "
                  "recorded connection that began with a ticket, and whoever holds it can resume "
                  "other people's sessions.",
                  "Make new ticket keys on all servers that share them (a restart, or a new key "
                  "file), and drop the old ones at once.",
                  {"tls"},
                  93},
    };
    return rules;
}

using Name = std::array<std::uint8_t, ticketNameSize>;

Name nameAt(ByteView bytes, std::size_t at)
{
    Name name {};
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), name.size(), name.begin());
    return name;
}

struct Ticket {
    Name name {};
    SecretBytes bytes;
};

class TicketRound : public WalkRound {
public:
    std::vector<Anchor> anchors() const override
    {
        // Lifetimes in use: 5 minutes, 2 hours, a day, 2 days, a week.
        return {{{0x00, 0x00, 0x01, 0x2c}, {0xff, 0xff, 0xff, 0xff}, ticketReach},
                {{0x00, 0x00, 0x1c, 0x20}, {0xff, 0xff, 0xff, 0xff}, ticketReach},
                {{0x00, 0x01, 0x51, 0x80}, {0xff, 0xff, 0xff, 0xff}, ticketReach},
                {{0x00, 0x02, 0xa3, 0x00}, {0xff, 0xff, 0xff, 0xff}, ticketReach},
                {{0x00, 0x09, 0x3a, 0x80}, {0xff, 0xff, 0xff, 0xff}, ticketReach}};
    }
    void lookAt(const Window& window, std::size_t position) override
    {
        const Span ticket = ticketAt(window.bytes, position);
        if (ticket.end == 0 || !window.fresh(position))
            return;
        const ByteView bytes = window.bytes.subspan(ticket.begin, ticket.end - ticket.begin);
        keep(placeInFile(window, ticket.begin), {nameAt(bytes, 0), {bytes.begin(), bytes.end()}});
    }
    void join(WalkRound& other) override
    {
        for (auto& [place, ticket] : static_cast<TicketRound&>(other).tickets)
            keep(place, std::move(ticket));
    }

    std::map<std::uint64_t, Ticket> tickets; ///< by place in the file

private:
    void keep(std::uint64_t place, Ticket ticket)
    {
        tickets.emplace(place, std::move(ticket));
        keepFirst(tickets, mostTickets);
    }
};

std::size_t hashOf(std::uint64_t word)
{
    return static_cast<std::size_t>(word * 0x9e3779b97f4a7c15U >> 48);
}

/// Where the names stand.
class NameRound : public WalkRound {
public:
    explicit NameRound(const std::set<Name>& names)
        : m_names(names)
        , m_mayBegin(std::size_t {1} << 16)
    {
        for (const Name& name : names)
            m_mayBegin[hashOf(nativeWord<std::uint64_t>(name.data()))] = true;
    }

    void look(const Window& window) override
    {
        if (!window.address)
            return;
        const std::size_t end = std::min(window.freshEnd, window.bytes.size());
        for (std::size_t at = alignedFresh(window, 4);
             at < end && window.bytes.size() - at >= ticketNameSize; at += 4)
            if (m_mayBegin[hashOf(nativeWord<std::uint64_t>(window.bytes.data() + at))]
                && m_names.contains(nameAt(window.bytes, at)))
                keep(*window.address + at, nameAt(window.bytes, at));
    }
    void join(WalkRound& other) override
    {
        for (const auto& [address, name] : static_cast<NameRound&>(other).places)
            keep(address, name);
    }

    std::map<std::uint64_t, Name> places; ///< by address

private:
    void keep(std::uint64_t address, const Name& name)
    {
        places.emplace(address, name);
        keepFirst(places, mostNames);
    }

    const std::set<Name>& m_names;
    std::vector<bool> m_mayBegin;
};

class TicketWalk : public Walk {
public:
    explicit TicketWalk(const Dump& dump)
        : m_word(dump.wordSize == 4 ? 4 : 8)
        , m_order(dump.order)
    {
    }

    std::unique_ptr<WalkRound> newRound() override
    {
        switch (m_step) {
        case Step::Tickets:
            return std::make_unique<TicketRound>();
        case Step::Names:
            return std::make_unique<NameRound>(m_names);
        case Step::Done:
            break;
        }
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        if (m_step == Step::Tickets) {
            for (auto& [place, ticket] : static_cast<TicketRound&>(gathered).tickets) {
                m_names.insert(ticket.name);
                m_tickets.emplace(ticket.name, std::move(ticket.bytes));
            }
            m_step = m_names.empty() ? Step::Done : Step::Names;
            return {};
        }
        m_step = Step::Done;
        for (const auto& [address, name] : static_cast<NameRound&>(gathered).places)
            if (const Status status = lookBehind(address, name, context, sink); !status)
                return status;
        return {};
    }

private:
    enum class Step { Tickets, Names, Done };

    /// Keys right behind the name, or behind the pointer that stands there.
    Status lookBehind(std::uint64_t address, const Name& name, const WalkContext& context,
                      MatchSink& sink) const
    {
        // What follows keys in place is no more of them; what follows a name in a ticket is.
        constexpr std::size_t keysAndMore = 2 * keysSize;
        SecretBytes behind(keysAndMore);
        const auto read = context.memory.read(context.source, address + name.size(), behind);
        if (!read)
            return read.error();
        behind.resize(static_cast<std::size_t>(*read));
        if (behind.size() < keysSize || isTicket(name, behind))
            return {};
        const std::uint64_t target = numberOf(ByteView(behind).first(m_word), m_order);
        SecretBytes pointed(keysSize);
        const auto got = context.memory.read(context.source, target, pointed);
        if (!got)
            return got.error();
        if (*got == pointed.size())
            tellKeys(target, pointed, name, true, context, sink);
        const bool ends = !mayBeTicketKeys(ByteView(behind).subspan(keysSize));
        behind.resize(keysSize);
        tellKeys(address + name.size(), behind, name, ends, context, sink);
        return {};
    }

    /// Whether `behind` follows its name in one of the tickets.
    bool isTicket(const Name& name, ByteView behind) const
    {
        constexpr std::size_t ivSize = 16;
        const auto tickets = m_tickets.equal_range(name);
        return std::any_of(tickets.first, tickets.second, [&](const auto& ticket) {
            return std::equal(behind.begin(), behind.begin() + ivSize,
                              ticket.second.begin() + name.size());
        });
    }

    void tellKeys(std::uint64_t address, const SecretBytes& keys, const Name& name, bool likely,
                  const WalkContext& context, MatchSink& sink) const
    {
        const auto tickets = m_tickets.equal_range(name);
        for (auto it = tickets.first; it != tickets.second; ++it) {
            const auto found = ticketKeysIn(keys, it->second);
            for (const TicketKey& key : found) {
                const bool signing = key.use == TicketKey::Use::Signing;
                Match match = matchOf(address, keys, key.place, name, context);
                match.confidence = Confidence::Verified;
                match.title += signing ? " (signs)" : " (encrypts)";
                match.proof = signing ? "it signed a ticket in this dump"
                                      : "it decrypts a ticket in this dump";
                sink.add(std::move(match));
            }
            if (!found.empty())
                return;
        }
        if (!likely || !mayBeTicketKeys(keys))
            return;
        Match match = matchOf(address, keys, {0, keys.size()}, name, context);
        match.confidence = Confidence::Likely;
        match.proof = "the name before it begins a ticket in this dump";
        sink.add(std::move(match));
    }

    static Match matchOf(std::uint64_t address, ByteView keys, Span place, const Name& name,
                         const WalkContext& context)
    {
        const ByteView value = keys.subspan(place.begin, place.end - place.begin);
        Match match;
        match.rule = &ticketRules()[0];
        match.title = match.rule->title;
        match.identity = Identity {"tls-ticket-key-name", toHex(name)};
        match.form = ValueForm::Binary;
        match.places = context.memory.fileRanges(address + place.begin, value.size());
        match.value.assign(value.begin(), value.end());
        return match;
    }

    std::size_t m_word;
    ByteOrder m_order;
    Step m_step = Step::Tickets;
    std::set<Name> m_names;
    std::multimap<Name, SecretBytes> m_tickets;
};

std::unique_ptr<Walk> newTicketWalk(const Dump& dump) { return std::make_unique<TicketWalk>(dump); }

} // namespace

extern const Detector ticketkeysDetector;
const Detector ticketkeysDetector {"ticketkeys", ticketRules, 0, nullptr, false, newTicketWalk};

} // namespace coredact

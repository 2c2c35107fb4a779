// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets in the fields of Java's objects, in a dump of the process: the name is a symbol of the
// virtual machine's, at which the constants of a class point; the class has a list of its fields,
// and its objects, and those of the classes below it, hold the values.
#include "scanner/base/memoryword.h"
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/addressfilter.h"
#include "scanner/rules/keys/hotspot.h"
#include "scanner/rules/keys/tablerules.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace coredact {

namespace {

constexpr std::size_t mostObjects = std::size_t {1} << 19;
/// Fields of classes that are looked through for those with a name, and constants before that name:
/// some seconds. A crafted class has as many for each of its names.
constexpr std::uint64_t mostListed = std::uint64_t {1} << 28;
/// Fields that classes have from those above, and those of all objects.
constexpr std::uint64_t mostInherited = std::uint64_t {1} << 19;
constexpr std::uint64_t mostLooks = std::uint64_t {1} << 22;

using Names = std::map<std::uint64_t, TableName>; ///< by the address of the symbol

/// Gathers the symbols that name something secret.
class NameRound : public WalkRound {
public:
    void look(const Window& window) override
    {
        if (!window.address)
            return;
        constexpr std::size_t needed = hotspot::symbolText + longestTableName;
        const ByteView bytes = window.bytes;
        const std::size_t end
            = std::min(window.freshEnd, bytes.size() - std::min(bytes.size(), needed));
        for (std::size_t at = alignedFresh(window, 8); at < end; at += 8) {
            const auto first = littleWord<std::uint64_t>(bytes.data() + at);
            const std::size_t size = hotspot::symbolSize(first);
            // Without a branch for each: memory holds letters and small numbers in no order.
            const bool mayBeName = static_cast<unsigned>(size - shortestTableName
                                                         <= longestTableName - shortestTableName)
                & static_cast<unsigned>(mayBeginTableName(hotspot::symbolLetter(first)))
                & static_cast<unsigned>((first & hotspot::symbolUsers) != 0);
            if (mayBeName)
                names.look(*window.address + at, bytes.subspan(at + hotspot::symbolText, size));
        }
    }

    void join(WalkRound& other) override { names.join(static_cast<NameRound&>(other).names); }

    bool hasLeftOut() const override { return leftOut() || names.leftOut(); }

    TableNames names;
};

struct NamedField {
    hotspot::Field field;
    const TableName* name = nullptr;
};
using Classes = std::map<std::uint64_t, std::vector<NamedField>>; ///< by their address

/// Gathers the objects of some classes. What an object says of its class is how far that lies
/// behind where classes begin, which is a multiple of this.
class ObjectRound : public WalkRound {
public:
    explicit ObjectRound(const Classes& classes)
        : m_filter(std::size_t {1} << filterBits)
    {
        for (const auto& [address, fields] : classes) {
            m_classes[address % classSpace].push_back({address, &fields});
            m_filter[filterPlace(address)] = true;
        }
    }

    void look(const Window& window) override
    {
        if (!window.address)
            return;
        const ByteView bytes = window.bytes;
        const std::size_t end
            = std::min(window.freshEnd, bytes.size() - std::min<std::size_t>(bytes.size(), 15));
        for (std::size_t at = alignedFresh(window, 8); at < end; at += 8) {
            const std::uint8_t* object = bytes.data() + at;
            const auto type = littleWord<std::uint32_t>(object + hotspot::classInObject);
            // The filter first: it says no to nearly all, so the branch is foreseen.
            if (m_filter[filterPlace(type)] && (object[0] & 3) == 1)
                lookAtObject(*window.address + at, bytes.subspan(at), type);
        }
    }

    void join(WalkRound& other) override
    {
        for (const auto& object : static_cast<ObjectRound&>(other).objects)
            keep(object);
    }

    std::set<std::pair<std::uint64_t, std::uint64_t>> objects; ///< addresses, and of the classes

private:
    static constexpr std::size_t classSpace = std::size_t {1} << 22;
    static constexpr unsigned filterBits = 16;

    static std::size_t filterPlace(std::uint64_t address)
    {
        return static_cast<std::size_t>(address >> 3) % (std::size_t {1} << filterBits);
    }

    struct Class {
        std::uint64_t address;
        const std::vector<NamedField>* fields;
    };

    /// Whether a field refers to something. References may have four bytes or eight; of eight the
    /// first four are zero in one of four thousand million only.
    static bool refers(ByteView object, const NamedField& named)
    {
        const std::size_t at = named.field.offset;
        return at + 4 > object.size() || littleWord<std::uint32_t>(object.data() + at) != 0;
    }

    void lookAtObject(std::uint64_t address, ByteView object, std::uint32_t type)
    {
        const auto classes = m_classes.find(type % classSpace);
        if (classes == m_classes.end())
            return;
        for (const Class& one : classes->second)
            if (one.address >= type
                && std::any_of(one.fields->begin(), one.fields->end(),
                               [&](const NamedField& named) { return refers(object, named); }))
                keep({address, one.address});
    }

    void keep(const std::pair<std::uint64_t, std::uint64_t>& object)
    {
        if (objects.size() == mostObjects && object > *objects.rbegin())
            return leaveOut();
        objects.insert(object);
        keepFirst(objects, mostObjects);
    }

    std::map<std::uint64_t, std::vector<Class>> m_classes; ///< by what objects may say
    std::vector<bool> m_filter;
};

class FieldWalk : public Walk {
public:
    std::unique_ptr<WalkRound> newRound() override
    {
        if (m_round == 0)
            return std::make_unique<NameRound>();
        if (m_round == 1 && !m_names.empty())
            return std::make_unique<PointerRound>(m_addresses);
        if (m_round == 2 && !m_classes.empty())
            return std::make_unique<ObjectRound>(m_classes);
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        switch (m_round++) {
        case 0:
            m_names = static_cast<NameRound&>(gathered).names.all();
            m_addresses = addressesOf(m_names);
            break;
        case 1:
            takeFields(static_cast<PointerRound&>(gathered), context, sink);
            break;
        default:
            tellAll(static_cast<ObjectRound&>(gathered), context, sink);
        }
        return {};
    }

private:
    void tellAll(const ObjectRound& round, const WalkContext& context, MatchSink& sink)
    {
        Effort looks(mostLooks);
        for (const auto& [address, type] : round.objects) {
            const std::vector<NamedField>& fields = m_classes.at(type);
            if (context.control.cancelled() || !looks.take(fields.size(), *this))
                return;
            for (const NamedField& one : fields)
                tell(address, one, context, sink);
        }
    }

    void takeFields(PointerRound& round, const WalkContext& context, MatchSink& sink)
    {
        const MemoryReader memory(context.source, context.memory);
        Effort listed(mostListed);
        for (const auto& [place, symbol] : round.pointers()) {
            if (context.control.cancelled())
                return;
            const auto field = hotspot::fieldNamedAt(memory, place, listed, *this);
            if (!field)
                continue;
            const NamedField named {*field, &m_names.at(symbol)};
            if (!field->isStatic)
                m_classes[field->type].push_back(named);
            else if (const auto mirror = hotspot::mirrorOf(memory, field->type))
                tell(*mirror, named, context, sink);
        }
        takeClassesBelow(context);
    }

    void takeClassesBelow(const WalkContext& context)
    {
        const MemoryReader memory(context.source, context.memory);
        const Classes named = m_classes;
        Effort inherited(mostInherited);
        for (const auto& [type, fields] : named) {
            if (context.control.cancelled())
                return;
            for (const std::uint64_t below : hotspot::classesBelow(memory, type, *this)) {
                if (!inherited.take(fields.size(), *this))
                    break;
                auto& all = m_classes[below];
                all.insert(all.end(), fields.begin(), fields.end());
            }
        }
        keepFirst(m_classes, mostObjects);
    }

    static void tell(std::uint64_t object, const NamedField& named, const WalkContext& context,
                     MatchSink& sink)
    {
        const MemoryReader memory(context.source, context.memory);
        for (const hotspot::References& references : hotspot::everyReferences) {
            const auto text = hotspot::textAt(memory, object + named.field.offset,
                                              named.field.holds, references);
            if (!text || !mayBeTableValue(text->place.size / text->width))
                continue;
            SecretBytes bytes(static_cast<std::size_t>(text->place.size));
            if (!memory.read(text->place.address, bytes))
                continue;
            tellTableText(tableValueOf(std::move(bytes), text->width, false),
                          context.memory.fileRanges(text->place.address, text->place.size),
                          *named.name->rule, named.name->text, "Java", sink);
        }
    }

    int m_round = 0;
    Names m_names;
    SortedAddresses m_addresses; ///< of the names
    Classes m_classes;
};

std::unique_ptr<Walk> newFieldWalk(const Dump& dump)
{
    return hotspot::isIn(dump) ? std::make_unique<FieldWalk>() : nullptr;
}

} // namespace

extern const Detector javafieldsDetector;
const Detector javafieldsDetector {"javafields", tableRules, 0, nullptr, false, newFieldWalk};

} // namespace coredact

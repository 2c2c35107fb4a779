// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets in the objects of a Java heap dump (HPROF): values of fields that are called a password
// or the like, and of entries of maps whose key is. Names, classes, objects and texts are records
// of their own, in any order, that refer to each other by ids; so each kind is looked for in a
// round of its own.
#include "scanner/base/characters.h"
#include "scanner/base/memoryword.h"
#include "scanner/dump/javaheapdump.h"
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/hprof.h"
#include "scanner/rules/keys/tablerules.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <concepts>
#include <cstring>
#include <map>
#include <set>
#include <unordered_map>

namespace coredact {

namespace {

using namespace hprof;

constexpr std::size_t mostNames = std::size_t {1} << 14;
constexpr std::size_t mostClasses = std::size_t {1} << 18;
constexpr std::size_t mostObjects = std::size_t {1} << 17;
constexpr std::size_t mostSupers = 64;
constexpr int mostSteps = 5; ///< from a field to the array that is its text

using Block [[gnu::vector_size(16)]] = std::uint8_t;

Block blockAt(const std::uint8_t* bytes)
{
    Block block;
    std::memcpy(&block, bytes, sizeof block);
    return block;
}

/// Calls `found` with each fresh position where one of the tags stands before two zeros: ids are
/// addresses, which begin with them, and HotSpot gives names no time.
template <std::same_as<Tag>... Tags, typename Found>
void forEachTag(const Window& window, Found found, Tags... tags)
{
    const ByteView bytes = window.bytes;
    const std::size_t end
        = std::min(window.freshEnd, bytes.size() - std::min(bytes.size(), sizeof(Block) + 2));
    const auto isOne = [&](std::size_t at) {
        return ((bytes[at] == tags) || ...) && bytes[at + 1] == 0 && bytes[at + 2] == 0;
    };
    using Words [[gnu::vector_size(16)]] = std::uint64_t;
    std::size_t at = window.freshBegin;
    for (; at < end; at += sizeof(Block)) {
        const Block first = blockAt(bytes.data() + at);
        const auto any = ((first == static_cast<std::uint8_t>(tags)) | ...)
            & (blockAt(bytes.data() + at + 1) == 0) & (blockAt(bytes.data() + at + 2) == 0);
        const auto words = reinterpret_cast<Words>(any);
        if ((words[0] | words[1]) == 0)
            continue;
        for (std::size_t i = at; i < std::min(at + sizeof(Block), end); ++i)
            if (isOne(i))
                found(i);
    }
    for (at = std::max(end, window.freshBegin); at < window.freshEnd && at + 2 < bytes.size(); ++at)
        if (isOne(at))
            found(at);
}

/// Of a record that begins there: 13 bytes from its tag on an instance has the id of its class.
std::uint64_t idIn(ByteView bytes, std::size_t at)
{
    return bytes.size() < at + 8 ? 0 : wordOf<std::uint64_t>(bytes.data() + at, ByteOrder::Big);
}
constexpr std::size_t ownIdAt = 1;
constexpr std::size_t classIdAt = 13;

/// Tells quickly of most ids that they are not among some.
class IdFilter {
public:
    template <typename Map>
    explicit IdFilter(const Map& ids)
        : m_filter(std::size_t {1} << filterBits)
    {
        for (const auto& [id, value] : ids)
            m_filter[place(id)] = true;
    }
    bool mayHold(std::uint64_t id) const { return m_filter[place(id)]; }

private:
    static constexpr unsigned filterBits = 17;
    static std::size_t place(std::uint64_t id)
    {
        return static_cast<std::size_t>((id >> 3) ^ (id >> 20)) % (std::size_t {1} << filterBits);
    }

    std::vector<bool> m_filter;
};

enum class Use : std::uint8_t { Secret, Key, Value };

/// What a field is for, by its name.
struct FieldName {
    Use use = Use::Secret;
    std::string text;

    auto operator<=>(const FieldName&) const = default;
};

std::optional<Use> useOf(std::string_view name)
{
    if (name == "key" || name == "k0") // of the one entry of Map.of()
        return Use::Key;
    if (name == "value" || name == "val" || name == "v0")
        return Use::Value;
    const bool isName = name.size() >= shortestTableName
        && std::all_of(name.begin(), name.end(),
                       [](char c) { return isTableNameByte(static_cast<std::uint8_t>(c)); });
    return isName && tableRuleFor(name) ? std::optional(Use::Secret) : std::nullopt;
}

using FieldNames = std::map<std::uint64_t, FieldName>; ///< by the id of the name
using Texts = std::map<std::uint64_t, std::string>; ///< by the id of an array or a string
using Wanted
    = std::map<std::uint64_t, std::set<std::string>>; ///< objects, and what they are called

void want(Bounded& owner, Wanted& wanted, std::uint64_t id, const std::string& name)
{
    if (id == 0)
        return;
    wanted[id].insert(name);
    owner.keepFirst(wanted, mostObjects);
}

/// Of two that claim one id, which only chance or a second dump inside this one brings, the lesser
/// stays: whichever is met first must not count.
template <typename Value>
void keep(Bounded& owner, std::map<std::uint64_t, Value>& map, std::uint64_t id, Value value,
          std::size_t most = mostNames)
{
    const auto [it, isNew] = map.try_emplace(id, value);
    if (!isNew && value < it->second)
        it->second = std::move(value);
    owner.keepFirst(map, most);
}

void join(Bounded& owner, Wanted& wanted, const Wanted& others)
{
    for (const auto& [id, names] : others)
        for (const std::string& name : names)
            want(owner, wanted, id, name);
}

using Classes = std::map<std::uint64_t, ClassRecord>;

/// Gathers the classes, names of fields, and arrays whose text names something secret: keys of
/// maps.
class NameRound : public WalkRound {
public:
    void look(const Window& window) override
    {
        const auto found = [&](std::size_t position) { lookAt(window.bytes.subspan(position)); };
        forEachTag(window, found, Tag::Text, Tag::Class, Tag::Array);
    }

    void join(WalkRound& other) override
    {
        for (auto& [id, name] : static_cast<NameRound&>(other).fields)
            keep(*this, fields, id, std::move(name));
        for (auto& [id, text] : static_cast<NameRound&>(other).texts)
            keep(*this, texts, id, std::move(text));
        for (auto& [id, record] : static_cast<NameRound&>(other).classes)
            keep(*this, classes, id, std::move(record), mostClasses);
    }

    FieldNames fields;
    Texts texts;
    Classes classes;

private:
    void lookAt(ByteView bytes)
    {
        if (bytes[0] == Tag::Array) {
            lookAtArray(bytes);
        } else if (bytes[0] == Tag::Class) {
            if (auto record = classAt(bytes)) {
                const std::uint64_t id = record->id;
                keep(*this, classes, id, std::move(*record), mostClasses);
            }
        } else if (idIn(bytes, 1) < 256) { // no time, and a length that counts
            if (const auto record = textAt(bytes, longestTableName))
                if (const auto use = useOf(record->text))
                    keep(*this, fields, record->id, FieldName {*use, std::string(record->text)});
        }
    }

    void lookAtArray(ByteView bytes)
    {
        const auto record = arrayAt(bytes);
        if (!record || record->count < shortestTableName || record->count > longestTableName)
            return;
        const std::size_t size = record->count * record->width;
        if (bytes.size() - arrayHead < size || !mayEndTableName(bytes[arrayHead + size - 1]))
            return;
        const SecretBytes text = textOfUnits(bytes.subspan(arrayHead, size), record->width, true);
        const auto use = text.empty() ? std::nullopt : useOf(asText(text));
        if (use && *use != Use::Value)
            keep(*this, texts, record->id, std::string(asText(text)));
    }
};

/// Where the instances of a class refer to what counts, those above it included.
struct Layout {
    std::size_t size = 0;
    std::vector<std::pair<std::size_t, const FieldName*>> fields {};

    std::optional<std::size_t> placeOf(Use use) const
    {
        for (const auto& [place, name] : fields)
            if (name->use == use)
                return place;
        return std::nullopt;
    }
};

/// Layouts by the id of the class, which most ids of which a record may begin are not.
class Layouts {
public:
    Layouts(const Classes& classes, const FieldNames& names)
    {
        for (const auto& [id, record] : classes)
            if (Layout layout = layoutOf(id, classes, names); !layout.fields.empty())
                m_layouts.emplace(id, std::move(layout));
        m_filter.emplace(m_layouts);
    }

    bool empty() const { return m_layouts.empty(); }
    /// Whether an instance of a class that is there may begin so.
    bool mayHold(ByteView record) const { return m_filter->mayHold(idIn(record, classIdAt)); }
    const Layout* of(const InstanceRecord& instance) const
    {
        const auto it = m_layouts.find(instance.type);
        return it != m_layouts.end() && it->second.size == instance.fields.size() ? &it->second
                                                                                  : nullptr;
    }

private:
    static Layout layoutOf(std::uint64_t id, const Classes& classes, const FieldNames& names)
    {
        Layout layout;
        for (std::size_t supers = 0; id != 0 && supers < mostSupers; ++supers) {
            const auto it = classes.find(id);
            if (it == classes.end())
                return {};
            for (const Reference& field : it->second.fields)
                if (const auto name = names.find(field.name); name != names.end())
                    layout.fields.emplace_back(layout.size + static_cast<std::size_t>(field.place),
                                               &name->second);
            layout.size += it->second.size;
            id = it->second.super;
        }
        return layout;
    }

    std::unordered_map<std::uint64_t, Layout> m_layouts;
    std::optional<IdFilter> m_filter;
};

/// Gathers what fields that name a secret refer to, and the strings that are keys.
class InstanceRound : public WalkRound {
public:
    InstanceRound(const Layouts& layouts, const Texts& texts)
        : m_layouts(layouts)
        , m_texts(texts)
    {
    }

    void look(const Window& window) override
    {
        const auto found = [&](std::size_t position) {
            const ByteView bytes = window.bytes.subspan(position);
            if (!m_layouts.mayHold(bytes))
                return;
            const auto record = instanceAt(bytes);
            if (const Layout* layout = record ? m_layouts.of(*record) : nullptr)
                lookAtFields(*record, *layout);
        };
        forEachTag(window, found, Tag::Instance);
    }

    void join(WalkRound& other) override
    {
        coredact::join(*this, wanted, static_cast<InstanceRound&>(other).wanted);
        for (const auto& [id, text] : static_cast<InstanceRound&>(other).keys)
            keep(*this, keys, id, text, mostObjects);
    }

    Wanted wanted;
    Texts keys;

private:
    void lookAtFields(const InstanceRecord& record, const Layout& layout)
    {
        const bool isEntry = layout.placeOf(Use::Value).has_value();
        for (const auto& [place, name] : layout.fields) {
            const std::uint64_t id = idIn(record.fields, place);
            if (name->use == Use::Secret || (name->use == Use::Key && !isEntry))
                want(*this, wanted, id, name->text);
            if (name->use == Use::Value)
                if (const auto text = m_texts.find(id); text != m_texts.end())
                    keep(*this, keys, record.id, text->second, mostObjects);
        }
    }

    const Layouts& m_layouts;
    const Texts& m_texts;
};

/// The numbers of an array that is a value.
struct Found {
    std::uint64_t offset = 0; ///< in the file
    ArrayRecord array;
    std::set<std::string> names;
};

/// Follows references to the arrays of wanted strings; the first time, entries of maps as well.
class FollowRound : public WalkRound {
public:
    FollowRound(const Layouts& layouts, const Wanted& wanted, const Texts& keys)
        : m_layouts(layouts)
        , m_wanted(wanted)
        , m_keys(keys)
        , m_filter(wanted)
    {
    }

    void look(const Window& window) override
    {
        const auto lookAt = [&](std::size_t position) {
            const ByteView bytes = window.bytes.subspan(position);
            const bool mayBeWanted = m_filter.mayHold(idIn(bytes, ownIdAt));
            if (bytes[0] == Tag::Array && mayBeWanted)
                lookAtArray(window, position);
            if (bytes[0] == Tag::Instance && (mayBeWanted || !m_keys.empty())
                && m_layouts.mayHold(bytes))
                lookAtInstance(bytes);
        };
        forEachTag(window, lookAt, Tag::Instance, Tag::Array);
    }

    void join(WalkRound& other) override
    {
        coredact::join(*this, next, static_cast<FollowRound&>(other).next);
        for (auto& [offset, one] : static_cast<FollowRound&>(other).found)
            keep(std::move(one));
    }

    Wanted next;
    std::map<std::uint64_t, Found> found; ///< by their place

private:
    void lookAtInstance(ByteView bytes)
    {
        const auto record = instanceAt(bytes);
        const Layout* layout = record ? m_layouts.of(*record) : nullptr;
        const auto value = layout ? layout->placeOf(Use::Value) : std::nullopt;
        if (!value)
            return;
        const std::uint64_t target = idIn(record->fields, *value);
        if (const auto it = m_wanted.find(record->id); it != m_wanted.end())
            for (const std::string& name : it->second)
                want(*this, next, target, name);
        if (const auto key = layout->placeOf(Use::Key); key && !m_keys.empty())
            if (const auto it = m_keys.find(idIn(record->fields, *key)); it != m_keys.end())
                want(*this, next, target, it->second);
    }

    void lookAtArray(const Window& window, std::size_t at)
    {
        const auto record = arrayAt(window.bytes.subspan(at));
        const auto it = record ? m_wanted.find(record->id) : m_wanted.end();
        if (it != m_wanted.end())
            keep({placeInFile(window, at) + arrayHead, *record, it->second});
    }

    void keep(Found one)
    {
        const std::uint64_t offset = one.offset;
        found.emplace(offset, std::move(one));
        keepFirst(found, mostObjects);
    }

    const Layouts& m_layouts;
    const Wanted& m_wanted;
    const Texts& m_keys;
    IdFilter m_filter;
};

class HeapDumpWalk : public Walk {
public:
    std::unique_ptr<WalkRound> newRound() override
    {
        if (m_round == 0)
            return std::make_unique<NameRound>();
        if (m_round == 1 && !m_layouts->empty())
            return std::make_unique<InstanceRound>(*m_layouts, m_texts);
        if (m_round > 1 && m_round < 2 + mostSteps && !(m_wanted.empty() && m_keys.empty()))
            return std::make_unique<FollowRound>(*m_layouts, m_wanted, m_keys);
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        switch (m_round++) {
        case 0:
            m_names = std::move(static_cast<NameRound&>(gathered).fields);
            m_texts = std::move(static_cast<NameRound&>(gathered).texts);
            takeClasses(static_cast<NameRound&>(gathered).classes);
            return {};
        case 1:
            join(*this, m_wanted, static_cast<InstanceRound&>(gathered).wanted);
            m_keys = std::move(static_cast<InstanceRound&>(gathered).keys);
            return {};
        default:
            m_wanted = std::move(static_cast<FollowRound&>(gathered).next);
            m_keys.clear();
            return tell(static_cast<FollowRound&>(gathered), context, sink);
        }
    }

private:
    void takeClasses(const Classes& classes)
    {
        m_layouts.emplace(classes, m_names);
        for (const auto& [id, record] : classes)
            for (const Reference& field : record.statics)
                if (const auto name = m_names.find(field.name);
                    name != m_names.end() && name->second.use == Use::Secret)
                    want(*this, m_wanted, field.place, name->second.text);
    }

    static Status tell(const FollowRound& round, const WalkContext& context, MatchSink& sink)
    {
        for (const auto& [offset, one] : round.found) {
            if (context.control.cancelled())
                break;
            const std::uint64_t size = std::uint64_t {one.array.count} * one.array.width;
            const auto place = FileRange::make(offset, size);
            if (!mayBeTableValue(one.array.count) || !place || place->last() >= context.dump.size)
                continue;
            SecretBytes numbers(static_cast<std::size_t>(size));
            if (const Status done = context.source.readAt(offset, numbers); !done)
                return done;
            const SecretBytes value = tableValueOf(std::move(numbers), one.array.width, true);
            for (const std::string& name : one.names)
                tellTableText(value, {*place}, *tableRuleFor(name), name, "Java", sink);
        }
        return {};
    }

    int m_round = 0;
    FieldNames m_names;
    Texts m_texts;
    std::optional<Layouts> m_layouts;
    Wanted m_wanted;
    Texts m_keys;
};

std::unique_ptr<Walk> newHeapDumpWalk(const Dump& dump)
{
    const bool isHeapDump
        = std::any_of(dump.fields.begin(), dump.fields.end(),
                      [](const Field& field) { return field.name == javaHeapDumpField; });
    return isHeapDump ? std::make_unique<HeapDumpWalk>() : nullptr;
}

} // namespace

extern const Detector javaheapDetector;
const Detector javaheapDetector {"javaheap", tableRules, 0, nullptr, false, newHeapDumpWalk};

} // namespace coredact

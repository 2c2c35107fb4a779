// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/propagatesettle.h"

#include <algorithm>
#include <tuple>

namespace coredact {

namespace {

constexpr std::uint64_t shortestPlain = 16; ///< bytes of a copy that others may adjoin by chance

bool isFragment(const Copy& copy) { return copy.encoding.ends_with("fragment"); }

bool inside(const std::vector<FileRange>& ranges, const FileRange& wanted)
{
    const auto it = std::upper_bound(
        ranges.begin(), ranges.end(), wanted.first(),
        [](std::uint64_t offset, const FileRange& range) { return offset < range.first(); });
    return it != ranges.begin() && std::prev(it)->contains(wanted);
}

/// Where a secret stands whole: in any form, and as it is.
struct Whole {
    std::vector<FileRange> all;
    std::vector<FileRange> plain;
};

Whole wholeCopies(std::span<const Copy> copies)
{
    Whole whole;
    for (const Copy& copy : copies) {
        if (isFragment(copy))
            continue;
        whole.all.insert(whole.all.end(), copy.pieces.begin(), copy.pieces.end());
        if (copy.encoding == "raw" && copy.pieces.size() == 1
            && copy.pieces.front().size() >= shortestPlain)
            whole.plain.push_back(copy.pieces.front());
    }
    whole.all = normalised(std::move(whole.all));
    whole.plain = normalised(std::move(whole.plain));
    return whole;
}

/// Whether a fragment lies inside whole copies. In a plain one each word, or each half, is a
/// fragment of another form, and one of 256 bytes beside the copy goes on as that form would: it
/// belongs to somebody else, and the tag of a record or a length would be gone with it. Of the
/// secret it is less than a window, and the rest of that is filled with the copy.
bool liesIn(const Whole& whole, const Copy& fragment)
{
    constexpr std::uint64_t byChance = 4; // bytes
    const FileRange& range = fragment.pieces.front();
    const std::uint64_t ends = std::min(byChance, (range.size() - 1) / 2);
    return std::all_of(fragment.pieces.begin(), fragment.pieces.end(),
                       [&](const FileRange& piece) { return inside(whole.all, piece); })
        || (fragment.pieces.size() == 1
            && inside(whole.plain, *FileRange::between(range.first() + ends, range.last() - ends)));
}

/// Fragments come sorted by place: one that lies inside the one before says nothing new, and one
/// of the same encoding that overlaps it is joined to it.
void addFragment(std::vector<Copy>& kept, const Copy& copy, std::size_t firstOfSecret)
{
    constexpr std::size_t neighbours = 8; // enough for the readings of one place
    const std::size_t from
        = std::max(firstOfSecret, kept.size() - std::min(kept.size(), neighbours));
    for (std::size_t i = kept.size(); copy.pieces.size() == 1 && i > from; --i) {
        Copy& before = kept[i - 1];
        FileRange& range = before.pieces.front();
        const FileRange& here = copy.pieces.front();
        if (!isFragment(before) || before.pieces.size() != 1 || !range.overlaps(here))
            continue;
        if (range.contains(here))
            return;
        if (before.encoding == copy.encoding || here.contains(range)) {
            range = *FileRange::between(range.first(), std::max(range.last(), here.last()));
            before.encoding = copy.encoding;
            return;
        }
    }
    kept.push_back(copy);
}

bool isWide(const Copy& copy) { return copy.encoding.starts_with("utf-"); }

/// Of wide text, also of that of digits ("utf-16le+hex").
bool isIn(ByteOrder order, const Copy& copy)
{
    static constexpr std::string_view unit = "utf-16";
    return copy.encoding.compare(unit.size(), 2, order == ByteOrder::Little ? "le" : "be") == 0;
}

/// Wide text beside zeros reads in both byte orders, one byte apart; the dump's own order is
/// taken.
bool isOtherReading(const Copy& copy, const Copy& before)
{
    if (!isWide(copy) || !isWide(before) || copy.secret != before.secret || isFragment(before))
        return false;
    const FileRange& here = copy.pieces.front();
    const FileRange& there = before.pieces.front();
    return here.first() - there.first() < 4 && here.overlaps(there);
}

void addWhole(std::vector<Copy>& kept, const Copy& copy, ByteOrder order)
{
    if (kept.empty() || !isOtherReading(copy, kept.back()))
        kept.push_back(copy);
    else if (isIn(order, copy))
        kept.back() = copy;
}

/// The copies of one secret, sorted by place: equal ones once, fragments inside whole copies
/// left out, overlapping fragments as one.
void settle(std::vector<Copy>& kept, std::span<Copy> copies, ByteOrder order)
{
    const Whole whole = wholeCopies(copies);
    const std::size_t firstOfSecret = kept.size();
    for (std::size_t i = 0; i < copies.size(); ++i) {
        Copy& copy = copies[i];
        if (i > 0 && copies[i - 1].pieces == copy.pieces && copies[i - 1].encoding == copy.encoding)
            continue;
        if (!isFragment(copy)) {
            addWhole(kept, copy, order);
        } else if (!liesIn(whole, copy)) {
            addFragment(kept, copy, firstOfSecret);
        }
    }
}

bool comesBefore(const Copy& first, const Copy& second)
{
    return std::tie(first.secret, first.pieces, first.encoding)
        < std::tie(second.secret, second.pieces, second.encoding);
}

/// By secret, then place, then encoding. What is compared first is put aside, and each copy is
/// moved once: of a common word there may be a hundred thousand.
std::vector<Copy> sorted(std::vector<Copy> copies)
{
    struct Key {
        std::size_t secret;
        std::uint64_t first;
        std::size_t index;
    };
    std::vector<Key> keys;
    keys.reserve(copies.size());
    for (std::size_t i = 0; i < copies.size(); ++i)
        keys.push_back({copies[i].secret, copies[i].pieces.front().first(), i});
    std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
        return a.secret != b.secret ? a.secret < b.secret
            : a.first != b.first    ? a.first < b.first
                                    : comesBefore(copies[a.index], copies[b.index]);
    });
    std::vector<Copy> inOrder;
    inOrder.reserve(copies.size());
    for (const Key& key : keys)
        inOrder.push_back(std::move(copies[key.index]));
    return inOrder;
}

} // namespace

std::vector<Copy> settled(std::vector<Copy> copies, ByteOrder order)
{
    copies = sorted(std::move(copies));
    std::vector<Copy> kept;
    for (std::size_t begin = 0; begin < copies.size();) {
        std::size_t end = begin;
        while (end < copies.size() && copies[end].secret == copies[begin].secret)
            ++end;
        settle(kept, std::span(copies).subspan(begin, end - begin), order);
        begin = end;
    }
    return kept;
}

} // namespace coredact

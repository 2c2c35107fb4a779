// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/propagatematch.h"

#include "scanner/scan/propagatepublic.h"

#include <algorithm>
#include <bitset>
#include <cstring>

namespace coredact {

namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t window = 8;
constexpr std::size_t longestWindow = 24; ///< of the index
constexpr std::size_t wordyRun
    = 16; ///< a fragment of this many bytes counts though it reads like words
constexpr std::size_t longRun = 64;
constexpr std::size_t fewestDistinct = 5;

/// Whether all bytes, of which there is one at least, are the same.
bool constant(ByteView bytes)
{
    return std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

bool isAlphanumeric(std::uint8_t character)
{
    return (character >= '0' && character <= '9')
        || ((character | 0x20U) >= 'a' && (character | 0x20U) <= 'z');
}

/// Whether the character of `unit` bytes at `at` is one of those; not where there is none.
bool characterAt(ByteView bytes, std::size_t at, std::size_t unit, bool isOne(std::uint8_t))
{
    if (at > bytes.size() || bytes.size() - at < unit)
        return false;
    std::size_t zeros = 0;
    std::uint8_t character = 0;
    for (std::size_t i = 0; i < unit; ++i) {
        if (bytes[at + i] == 0)
            ++zeros;
        else
            character = bytes[at + i];
    }
    return zeros == unit - 1 && isOne(character);
}

bool standsAlone(ByteView bytes, const FormCopy& copy, std::size_t unit)
{
    return !(copy.begin >= unit && characterAt(bytes, copy.begin - unit, unit, isAlphanumeric))
        && !characterAt(bytes, copy.end, unit, isAlphanumeric);
}

bool isBase64(std::uint8_t character)
{
    return isAlphanumeric(character) || character == '+' || character == '/' || character == '-'
        || character == '_';
}

/// Follows the plain bytes that a fragment writes, and judges whether they tell the secret.
class Judge {
public:
    /// True as soon as eight bytes in a row are enough.
    bool take(std::uint8_t byte, bool isPublic, bool isRandom)
    {
        m_random = isRandom ? m_random + 1 : 0;
        if (isPublic) {
            m_run = 0;
            return false;
        }
        std::memmove(m_last, m_last + 1, window - 1);
        const auto step = static_cast<std::uint8_t>(byte - m_last[window - 2]);
        m_turns += m_total >= 2 && step != m_step ? 1 : 0;
        m_step = step;
        m_letterBesideDigit
            = m_letterBesideDigit || (m_run > 0 && isLetterBesideDigit(m_last[window - 2], byte));
        m_last[window - 1] = byte;
        m_seen.set(byte);
        ++m_total;
        return ++m_run >= window && tellsSecret(m_last, m_random >= window);
    }
    /// Whether all of them together are enough though no eight of them were. `whole`: bytes of the
    /// value.
    bool enough(std::size_t whole) const
    {
        if (m_seen.count() < fewestDistinct)
            return false;
        return (m_total >= wordyRun && m_turns >= 3)
            || (m_run >= window && m_letterBesideDigit && 2 * m_total >= whole);
    }

private:
    std::uint8_t m_last[window] = {};
    std::uint8_t m_step = 0;
    std::bitset<256> m_seen;
    std::size_t m_run = 0;
    std::size_t m_random = 0; ///< bytes of random parts in a row
    std::size_t m_total = 0;
    bool m_letterBesideDigit = false;
    std::size_t m_turns = 0; ///< how often the difference between neighbours changed
};

bool fragmentCounts(const SecretForm& form, std::size_t begin, std::size_t end)
{
    Judge judge;
    for (std::size_t i = begin; i < end; ++i) {
        const Origin origin = form.origin[i];
        if (i != begin && origin == form.origin[i - 1])
            continue;
        if (judge.take(form.plain->bytes[origin], form.plain->isPublic[origin],
                       form.plain->isRandomAt(origin)))
            return true;
    }
    return judge.enough(form.plain->bytes.size());
}

/// Decides, and takes in the base64 digits beside a whole copy that carry bits of it.
/// `offset`: of the copy's first byte in the form.
bool counts(const SecretForm& form, std::size_t offset, ByteView bytes, FormCopy& copy)
{
    // Turned round a word may be none: then it counts as a fragment does.
    if (!copy.whole || (form.bounded && !standsAlone(bytes, copy, form.unit))) {
        const std::size_t size = copy.end - copy.begin;
        return !form.wholeOnly && size >= std::min(form.shortest, form.bytes.size())
            && fragmentCounts(form, offset, offset + size);
    }
    if (form.sharesBefore && copy.begin >= form.unit
        && characterAt(bytes, copy.begin - form.unit, form.unit, isBase64))
        copy.begin -= form.unit;
    if (form.sharesAfter && characterAt(bytes, copy.end, form.unit, isBase64))
        copy.end += form.unit;
    return true;
}

} // namespace

FormMatcher::FormMatcher(const FormIndex& index)
    : m_index(index)
    , m_accepted(index.forms().size(), 0)
    , m_tried(index.forms().size())
{
}

const std::vector<FormCopy>& FormMatcher::find(ByteView bytes, std::size_t begin, std::size_t end)
{
    for (const std::uint32_t form : m_touched) {
        m_accepted[form] = 0;
        m_tried[form] = {};
    }
    m_touched.clear();
    m_copies.clear();
    while (begin < end) {
        const std::size_t next = std::min(end, begin + page);
        // No window of one repeated byte is looked for: only those that reach beyond the page.
        if (next - begin > longestWindow && constant(bytes.subspan(begin, next - begin)))
            begin += (next - begin - longestWindow) / 4 * 4 + 4;
        m_positions.clear();
        m_index.probe(bytes.data(), begin, next, m_positions);
        for (const std::uint32_t at : m_positions)
            look(bytes, at);
        begin = next;
    }
    return m_copies;
}

void FormMatcher::look(ByteView bytes, std::size_t at)
{
    m_candidates.clear();
    m_index.anchorsAt(bytes.data() + at,
                      [&](const FormAnchor& anchor) { grow(bytes, at, anchor); });
    // Of several ways to read the same bytes as one form the longest is the copy.
    std::stable_sort(m_candidates.begin(), m_candidates.end(),
                     [](const FormCopy& first, const FormCopy& second) {
                         return first.end - first.begin > second.end - second.begin;
                     });
    for (const FormCopy& copy : m_candidates) {
        if (copy.end <= m_accepted[copy.form])
            continue;
        m_accepted[copy.form] = copy.end;
        m_touched.push_back(copy.form);
        m_copies.push_back(copy);
    }
}

void FormMatcher::grow(ByteView bytes, std::size_t at, FormAnchor anchor)
{
    const SecretForm& form = m_index.forms()[anchor.form];
    // What begins inside an accepted copy and matters without it reaches out far enough to have
    // an anchor beyond it.
    if (at + window <= m_accepted[anchor.form])
        return;
    Tried& tried = m_tried[anchor.form];
    if (at < tried.end && tried.shift == at - anchor.offset)
        return;
    // A long run that counted for nothing has no eight bytes that do, however they are read.
    if (at + window <= tried.end && tried.size >= longRun)
        return;
    // One long run at this position is enough: what it leaves out has anchors of its own.
    if (std::any_of(m_candidates.begin(), m_candidates.end(), [&](const FormCopy& copy) {
            return copy.form == anchor.form && copy.end - copy.begin >= longRun;
        }))
        return;
    const std::size_t back = std::min<std::size_t>(at, anchor.offset);
    const std::size_t ahead = std::min(bytes.size() - at, form.bytes.size() - anchor.offset);
    std::size_t before = 0;
    while (before < back && bytes[at - before - 1] == form.bytes[anchor.offset - before - 1])
        ++before;
    std::size_t after = 0;
    while (after < ahead && bytes[at + after] == form.bytes[anchor.offset + after])
        ++after;
    FormCopy copy {anchor.form, at - before, at + after, before + after == form.bytes.size()};
    const std::size_t offset = anchor.offset - before;
    if (!copy.whole && !form.wholeOnly && form.unit > 1) {
        const std::size_t cut = (form.unit - offset % form.unit) % form.unit;
        const std::size_t spare = (offset + before + after) % form.unit;
        if (before + after < cut + spare)
            return;
        copy.begin += cut;
        copy.end -= spare;
    }
    if (counts(form, copy.begin - (at - anchor.offset), bytes, copy)) {
        m_candidates.push_back(copy);
        return;
    }
    tried = {at + after, at - anchor.offset, before + after};
    m_touched.push_back(anchor.form);
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/propagateforms.h"

#include "scanner/base/distinctbytes.h"
#include "scanner/scan/propagateencodings.h"
#include "scanner/scan/propagatepublic.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <unordered_map>

namespace coredact {

namespace {

constexpr std::size_t shortestText = 5;
constexpr std::size_t shortestFragment = 8;
constexpr std::size_t shortestInBase64 = 6;
constexpr std::size_t fewestDistinct = 5;
constexpr std::size_t longestListed = 8192; ///< a value that somebody may print byte by byte
constexpr std::size_t bytesAtOnce = 20U << 10; ///< of values; each takes 5 kB with all its writings

/// All forms, each set of bytes once for each encoding.
class FormList {
public:
    /// `expected`: about how many there will be.
    explicit FormList(std::size_t expected)
    {
        m_forms.reserve(expected);
        m_known.reserve(expected);
    }

    void add(SecretForm form, std::size_t secret)
    {
        const std::hash<std::string_view> hash;
        const std::size_t key = hash(form.encoding) * 31 + hash(asText(form.bytes));
        const auto [begin, end] = m_known.equal_range(key);
        for (auto it = begin; it != end; ++it) {
            SecretForm& known = m_forms[it->second];
            if (known.encoding != form.encoding || known.bytes != form.bytes)
                continue;
            if (known.secrets.back() != secret)
                known.secrets.push_back(secret);
            known.bounded = known.bounded && form.bounded;
            // What the one secret has elsewhere the other may not.
            known.partsAlike = known.partsAlike && known.secrets.size() == 1;
            return;
        }
        m_known.emplace(key, m_forms.size());
        form.secrets = {secret};
        m_forms.push_back(std::move(form));
    }
    std::vector<SecretForm> take() { return std::move(m_forms); }

private:
    std::vector<SecretForm> m_forms;
    std::unordered_multimap<std::size_t, std::size_t> m_known; ///< by hash
};

class Writings {
public:
    void add(SecretForm form) { m_forms.push_back(std::move(form)); }
    void add(std::vector<SecretForm> more)
    {
        std::move(more.begin(), more.end(), std::back_inserter(m_forms));
    }
    /// As programs hold them whose strings are UTF-16.
    void addWide(const std::vector<SecretForm>& narrow)
    {
        for (const SecretForm& form : narrow)
            for (const ByteOrder order : {ByteOrder::Little, ByteOrder::Big})
                add(asUtf(form, 2, order));
    }
    std::vector<SecretForm> take() { return std::move(m_forms); }

private:
    std::vector<SecretForm> m_forms;
};

void addDigits(Writings& forms, const SecretForm& raw)
{
    const std::vector<SecretForm> hex = asHex(raw);
    forms.add(hex);
    if (!raw.wholeOnly)
        forms.addWide(hex);
    if (raw.bytes.size() <= longestListed)
        forms.add(asByteLists(raw));
}

void addBase64(Writings& forms, const SecretForm& raw)
{
    const std::vector<SecretForm> base64 = asBase64(raw);
    forms.add(base64);
    if (!raw.wholeOnly)
        forms.addWide(base64);
}

std::vector<SecretForm> textForms(const SecretForm& raw)
{
    const SecretForm wide = asUtf(raw, 2, ByteOrder::Little);
    Writings forms;
    forms.add(raw);
    forms.add(wide);
    forms.add(asUtf(raw, 2, ByteOrder::Big));
    if (!raw.wholeOnly)
        forms.add(reversed(raw));
    // Of a shorter text too few digits depend on it alone.
    if (!raw.wholeOnly
        || (raw.bytes.size() >= shortestInBase64 && distinctBytes(raw.bytes) >= fewestDistinct)) {
        addBase64(forms, raw);
        forms.add(asBase64(wide));
    }
    forms.add(asEscapes(raw));
    forms.add(asUtf(raw, 4, ByteOrder::Little));
    forms.add(asUtf(raw, 4, ByteOrder::Big));
    addDigits(forms, raw);
    return forms.take();
}

std::vector<SecretForm> keyForms(const SecretForm& raw, ValueForm kind)
{
    Writings forms;
    forms.add(raw);
    forms.add(reversed(raw));
    forms.add(asSwappedWords(raw));
    if (kind == ValueForm::Number) {
        forms.add(asPythonInteger(raw));
        forms.add(asJavaLimbs(raw));
    }
    addBase64(forms, raw);
    addDigits(forms, raw);
    if (raw.bytes.size() <= longestListed)
        forms.add(asEscapedBytes(raw));
    return forms.take();
}

/// What the values of one secret have in common: a key stands in its DER too, and in its schedule.
class KnownRuns {
public:
    /// Marks what earlier values of the kind have, and adds this one.
    void look(PlainValue& plain, ValueForm kind)
    {
        const ByteView bytes = plain.bytes;
        // Longer ones do not have all writings.
        if (bytes.size() < sharedRun || bytes.size() > longestListed)
            return;
        Runs& runs = kind == ValueForm::Text ? m_text : m_other;
        std::vector<bool> isKnown(bytes.size());
        std::vector<SecretBytes> own;
        for (std::size_t at = 0; at + sharedRun <= bytes.size(); ++at) {
            SecretBytes run(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                            bytes.begin() + static_cast<std::ptrdiff_t>(at + sharedRun));
            // What is judged otherwise there is not the same.
            for (std::size_t i = at; i < at + sharedRun; ++i)
                run.push_back(plain.isRandomAt(i) ? 1 : 0);
            isKnown[at] = runs.contains(run);
            const auto isPublic = plain.isPublic.begin() + static_cast<std::ptrdiff_t>(at);
            if (std::none_of(isPublic, isPublic + sharedRun, std::identity {}))
                own.push_back(run);
        }
        runs.insert(std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
        plain.isKnown = std::move(isKnown);
    }

private:
    using Runs = std::set<SecretBytes>;

    Runs m_text;
    Runs m_other;
};

/// Of bytes that are not marked.
std::size_t longestRun(const std::vector<bool>& marks)
{
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const bool marked : marks) {
        run = marked ? 0 : run + 1;
        longest = std::max(longest, run);
    }
    return longest;
}

/// A form like the value itself, which the others are made from. `knownRuns`: nullptr where a
/// secret has one value only.
SecretForm rawForm(ByteView bytes, ValueForm kind, const CommonParts& common, KnownRuns* knownRuns)
{
    auto plain = std::make_shared<PlainValue>();
    plain->bytes.assign(bytes.begin(), bytes.end());
    plain->isPublic = publicParts(bytes, kind);
    if (kind == ValueForm::Text)
        plain->isRandom = randomParts(bytes, plain->isPublic);
    const std::size_t publicBytes = longestRun(plain->isPublic);
    common.mark(bytes, plain->isPublic);
    plain->isShared = longestRun(plain->isPublic) < std::min(publicBytes, shortestFragment);
    if (knownRuns && distinctBytes(bytes) >= fewestDistinct)
        knownRuns->look(*plain, kind);
    SecretForm raw;
    raw.encoding = "raw";
    raw.bytes = plain->bytes;
    raw.origin.resize(bytes.size());
    std::iota(raw.origin.begin(), raw.origin.end(), Origin {0});
    raw.plain = std::move(plain);
    raw.wholeOnly = bytes.size() < shortestFragment || distinctBytes(bytes) < fewestDistinct;
    bool tells = false;
    for (std::size_t i = 0; i + shortestFragment <= bytes.size() && !tells; ++i)
        tells = tellsSecret(bytes.subspan(i, shortestFragment));
    for (std::size_t i = 1; i < bytes.size() && !tells; ++i)
        tells = isLetterBesideDigit(bytes[i - 1], bytes[i]);
    raw.bounded = kind == ValueForm::Text && (raw.wholeOnly || (!tells && bytes.size() < 16));
    return raw;
}

void addForms(FormList& list, std::size_t secret, ValueForm kind, ByteView bytes,
              const CommonParts& common, KnownRuns* knownRuns)
{
    const SecretForm raw = rawForm(bytes, kind, common, knownRuns);
    if (bytes.size() < shortestText || (raw.wholeOnly && kind != ValueForm::Text))
        return;
    std::vector<SecretForm> forms = kind == ValueForm::Text ? textForms(raw) : keyForms(raw, kind);
    // From the last on, as what is given away can be compared with no more.
    std::size_t kept = forms.size();
    for (std::size_t i = forms.size(); i-- > 0;) {
        const auto end = forms.begin() + static_cast<std::ptrdiff_t>(i);
        const bool known = std::any_of(forms.begin(), end, [&](const SecretForm& form) {
            return form.bytes == forms[i].bytes;
        });
        if (!known)
            std::swap(forms[--kept], forms[i]);
    }
    for (; kept < forms.size(); ++kept)
        list.add(std::move(forms[kept]), secret);
}

void addValue(FormList& list, std::size_t secret, ValueForm kind, ByteView bytes,
              const CommonParts& common, KnownRuns* knownRuns)
{
    for (std::size_t at = 0; at < bytes.size(); at += longestValue)
        addForms(list, secret, kind, bytes.subspan(at, std::min(longestValue, bytes.size() - at)),
                 common, knownRuns);
}

std::size_t writtenBytes(const SecretValue& value)
{
    std::size_t bytes = value.value.size();
    for (const DerivedValue& derived : value.derived)
        bytes += derived.bytes.size();
    return bytes;
}

} // namespace

std::vector<SecretForm> formsOf(std::span<const SecretValue> values, const CommonParts& common,
                                std::size_t first)
{
    constexpr std::size_t ofAValue = 48; // forms, about
    FormList list(values.size() * ofAValue);
    for (std::size_t i = 0; i < values.size(); ++i) {
        KnownRuns runs;
        KnownRuns* const knownRuns = values[i].derived.empty() ? nullptr : &runs;
        addValue(list, first + i, values[i].form, values[i].value, common, knownRuns);
        for (const DerivedValue& derived : values[i].derived)
            addValue(list, first + i, derived.form, derived.bytes, common, knownRuns);
    }
    return list.take();
}

std::vector<ValueBatch> inBatches(std::span<const SecretValue> values)
{
    std::vector<ValueBatch> batches;
    std::size_t begin = 0;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t more = writtenBytes(values[i]);
        if (i > begin && bytes + more > bytesAtOnce) {
            batches.push_back({begin, values.subspan(begin, i - begin)});
            begin = i;
            bytes = 0;
        }
        bytes += more;
    }
    if (begin < values.size())
        batches.push_back({begin, values.subspan(begin)});
    return batches;
}

} // namespace coredact

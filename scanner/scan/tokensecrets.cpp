// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/tokensecrets.h"

#include "scanner/rules/codec.h"
#include "scanner/rules/keys/tokensecretrule.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::size_t shortest = 6;
constexpr std::size_t longest = 512;
constexpr std::size_t rememberedBits = 18;

/// What a byte is to a text.
enum Kind : std::uint8_t { Outside, Space, Punctuation, Character };

constexpr std::array<std::uint8_t, 256> makeKinds()
{
    std::array<std::uint8_t, 256> kinds {};
    for (std::size_t byte = 0x21; byte < 0x7f; ++byte)
        kinds[byte] = Character;
    kinds[' '] = Space;
    for (const char c : {'=', ':', ',', ';', '"', '\'', '<', '>', '(', ')', '{', '}', '[', ']', '&',
                         '|', '`', '\\'})
        kinds[static_cast<unsigned char>(c)] = Punctuation;
    return kinds;
}

constexpr auto kinds = makeKinds();

const RuleInfo& ruleOf(const SignedToken& token)
{
    return isCookie(token) ? cookieSecretRule()
        : isFernet(token)  ? fernetKeyRule()
                           : tokenSecretRule();
}

class TokenSecretPart : public PassPart {
public:
    TokenSecretPart(TokenSearch& search, Collector& collector)
        : m_search(search)
        , m_collector(collector)
        , m_tried(std::size_t {1} << rememberedBits)
    {
    }

    void look(const Window& window, const std::vector<FileRange>* crossing) override
    {
        if (crossing)
            return;
        m_window = &window;
        std::size_t at = window.freshBegin;
        while (at < window.freshEnd) {
            if (kindAt(at) == Outside) {
                ++at;
                continue;
            }
            lookAtText(at);
            while (at < window.freshEnd && kindAt(at) != Outside)
                ++at;
        }
    }

private:
    Kind kindAt(std::size_t at) const { return static_cast<Kind>(kinds[m_window->bytes[at]]); }

    bool beginsText(std::size_t at) const { return at == 0 || kindAt(at - 1) == Outside; }

    std::size_t endOf(std::size_t begin, Kind least) const
    {
        const std::size_t most = std::min(m_window->bytes.size(), begin + longest + 1);
        std::size_t end = begin;
        while (end < most && kindAt(end) >= least)
            ++end;
        return end;
    }

    /// The text around the fresh position `at`: whole where it begins there, and its words and
    /// pieces that begin in the fresh part.
    void lookAtText(std::size_t at)
    {
        if (beginsText(at)) {
            const std::size_t end = endOf(at, Space);
            consider(at, end);
            const auto* equals
                = std::find(m_window->bytes.data() + at, m_window->bytes.data() + end, '=');
            consider(static_cast<std::size_t>(equals - m_window->bytes.data()) + 1, end);
        }
        for (; at < m_window->freshEnd && kindAt(at) != Outside; ++at) {
            const Kind before = at == 0 ? Outside : kindAt(at - 1);
            if (kindAt(at) >= Punctuation && before <= Space)
                lookAtWord(at);
            if (kindAt(at) == Character && before == Punctuation)
                consider(at, endOf(at, Character));
        }
    }

    void lookAtWord(std::size_t at)
    {
        const std::size_t end = endOf(at, Punctuation);
        consider(at, end);
        if (kindAt(at) == Character)
            consider(at, endOf(at, Character));
        const ByteView word = m_window->bytes.subspan(at, end - at);
        const auto mark = std::find_if(word.begin(), word.end(),
                                       [](std::uint8_t c) { return c == '=' || c == ':'; });
        consider(at + static_cast<std::size_t>(mark - word.begin()) + 1, end);
    }

    void consider(std::size_t begin, std::size_t end)
    {
        if (begin + shortest > end || end - begin > longest)
            return;
        const ByteView text = m_window->bytes.subspan(begin, end - begin);
        const std::uint64_t hash = std::hash<std::string_view>()(asText(text)) | 1U;
        std::uint64_t& tried = m_tried[hash >> (64 - rememberedBits)];
        if (tried == hash)
            return;
        if (!tryText(text, begin, end))
            tried = hash;
    }

    /// Whether it is a secret; that is told.
    bool tryText(ByteView text, std::size_t begin, std::size_t end)
    {
        bool any = tryBytes(text, nullptr, begin, end);
        for (const auto& decoded : {decodeBase64(asText(text)), decodeHex(asText(text))})
            if (decoded && decoded->size() >= shortest)
                any = tryBytes(*decoded, &*decoded, begin, end) || any;
        return any;
    }

    bool tryBytes(ByteView secret, const SecretBytes* decoded, std::size_t begin, std::size_t end)
    {
        bool any = false;
        TokenSecret tried(secret);
        for (const SignedToken* token : m_search.chosen()) {
            if (!tried.signs(*token))
                continue;
            tell(*token, decoded, begin, end);
            any = true;
        }
        if (any)
            m_search.prove(secret);
        return any;
    }

    void tell(const SignedToken& token, const SecretBytes* decoded, std::size_t begin,
              std::size_t end)
    {
        Match match;
        match.rule = &ruleOf(token);
        match.confidence = Confidence::Verified;
        match.proof = isCookie(token) ? "the signature of a cookie of " + token.algorithm
                + " in this dump comes out right with it"
            : isFernet(token) ? "the HMAC of a Fernet token in this dump comes out right with it"
                              : "the HMAC of a token in this dump comes out right with it";
        if (!token.issuer.empty())
            match.identity = Identity {"jwt-issuer", token.issuer};
        match.form = ValueForm::Text;
        const ByteView text = m_window->bytes.subspan(begin, end - begin);
        match.value.assign(text.begin(), text.end());
        if (decoded)
            match.derived.push_back({"decoded secret", ValueForm::Binary, *decoded});
        m_collector.add(std::move(match), m_window->encoding,
                        m_window->map->fileRanges(begin, end));
    }

    TokenSearch& m_search;
    Collector& m_collector;
    /// Texts that were tried in vain, so that those which stand everywhere are tried once.
    std::vector<std::uint64_t> m_tried;
    const Window* m_window = nullptr;
};

} // namespace

TokenSearch::TokenSearch(std::span<const SignedToken> tokens)
{
    const std::string* family = nullptr;
    for (const SignedToken& token : tokens) {
        if (!isHmac(token))
            continue;
        if (!family || *family != token.family)
            m_families.emplace_back();
        family = &token.family;
        m_families.back().open.push_back(&token);
    }
}

std::size_t TokenSearch::Family::enough() const
{
    constexpr std::size_t ofOneKey = 2; // as the tokens say; anybody can say so
    constexpr std::size_t ofAnyKey = 4;
    constexpr std::size_t ofSeveralKeys = 16;
    if (hasSecrets)
        return ofSeveralKeys;
    const SignedToken& one = *open.front();
    return one.issuer.empty() || one.keyId.empty() ? ofAnyKey : ofOneKey;
}

const SignedToken* TokenSearch::Family::take()
{
    isTouched = true;
    return open[tried++];
}

void TokenSearch::Family::explain(TokenSecret& secret)
{
    const bool isSample = open.front()->isOneOfMore;
    std::size_t explained = 0;
    for (std::size_t i = 0; i < open.size();) {
        if (!secret.signs(*open[i])) {
            ++i;
            continue;
        }
        tried -= i < tried ? 1 : 0;
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
        ++explained;
    }
    hasSecrets = hasSecrets || explained > 0;
    hasRareSecrets = hasRareSecrets || (isSample && explained == 1);
}

bool TokenSearch::explain()
{
    const std::lock_guard lock(m_mutex);
    const bool any = !m_secrets.empty();
    for (const SecretBytes& bytes : m_secrets) {
        TokenSecret secret(bytes);
        for (Family& family : m_families)
            if (!family.open.empty())
                family.explain(secret);
    }
    m_secrets.clear();
    return any;
}

bool TokenSearch::chooseNext()
{
    constexpr std::size_t mostAgain = 16;
    const auto owes = [](const Family& family) { return family.owes(); };
    const bool goesOn
        = explain() || m_passes < 2 || std::any_of(m_families.begin(), m_families.end(), owes);
    // One of each family comes first: mostly that settles it.
    const std::size_t again = m_passes == 0 ? 0 : mostAgain;
    ++m_passes;
    m_chosen.clear();
    const std::size_t most = goesOn ? std::min(mostAtOnce, mostInAll - m_inAll) : 0;
    for (bool any = true; any && m_chosen.size() < most;) {
        any = false;
        for (Family& family : m_families) {
            if (m_chosen.size() == most || !family.wants()
                || (m_chosen.size() >= again && !family.owes()))
                continue;
            m_chosen.push_back(family.take());
            any = true;
        }
    }
    m_inAll += m_chosen.size();
    if (!m_chosen.empty())
        return true;
    for (const Family& family : m_families)
        if (family.owes() || family.hasRareSecrets)
            leaveOut();
    return false;
}

void TokenSearch::prove(ByteView secret)
{
    const std::lock_guard lock(m_mutex);
    m_secrets.emplace(secret.begin(), secret.end());
}

std::unique_ptr<PassPart> makeTokenSecretPart(TokenSearch& search, Collector& collector)
{
    return std::make_unique<TokenSecretPart>(search, collector);
}

} // namespace coredact

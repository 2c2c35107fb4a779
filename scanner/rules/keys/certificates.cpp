// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/certificates.h"

#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/der.h"
#include "scanner/rules/keys/privatekey.h"

#include <openssl/asn1.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>

namespace coredact {

namespace {

constexpr std::size_t largest = std::size_t {1} << 14;
constexpr std::size_t most = 4096; ///< more would only say what keys that are findings belong to
constexpr std::size_t longestName = 96;
/// From the certificate's first byte to the version: the heads of the certificate and of what is
/// signed, each with a length of two bytes.
constexpr std::size_t versionAt = 8;

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

/// Fit for a report: names come from a file that anybody may have made.
std::string shown(const unsigned char* text, int size)
{
    std::string name;
    for (int i = 0; i < size && name.size() < longestName; ++i)
        name += text[i] >= 0x20 && text[i] < 0x7f ? static_cast<char>(text[i]) : '?';
    return name;
}

std::string nameOf(const X509_NAME* names)
{
    for (const auto& [kind, prefix] :
         {std::pair(NID_commonName, "CN="), std::pair(NID_organizationName, "O=")}) {
        const int index = X509_NAME_get_index_by_NID(names, kind, -1);
        if (index < 0)
            continue;
        const ASN1_STRING* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(names, index));
        return prefix + shown(ASN1_STRING_get0_data(text), ASN1_STRING_length(text));
    }
    return {};
}

std::string hostOf(const X509* certificate)
{
    auto* names = static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    std::string host;
    for (int i = 0; i < sk_GENERAL_NAME_num(names) && host.empty(); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
        if (name->type == GEN_DNS)
            host = shown(ASN1_STRING_get0_data(name->d.dNSName),
                         ASN1_STRING_length(name->d.dNSName));
    }
    GENERAL_NAMES_free(names);
    return host;
}

std::string dayOf(const ASN1_TIME* time)
{
    std::tm parts {};
    char text[16] = {};
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1
        || std::strftime(text, sizeof text, "%Y-%m-%d", &parts) == 0)
        return "an unknown day";
    return text;
}

std::string description(const X509* certificate)
{
    std::string subject = nameOf(X509_get_subject_name(certificate));
    if (subject.empty())
        subject = hostOf(certificate);
    if (subject.empty())
        subject = "without a name";
    const std::string issuer = nameOf(X509_get_issuer_name(certificate));
    return "certificate " + subject
        + (issuer.empty() || issuer == subject ? "" : ", issued by " + issuer) + ", valid to "
        + dayOf(X509_get0_notAfter(certificate));
}

} // namespace

std::vector<Anchor> CertificateHarvest::anchors() const
{
    // [0] EXPLICIT version v3.
    return {{{0xa0, 0x03, 0x02, 0x01}, {0xff, 0xff, 0xff, 0xff}, versionAt}};
}

void CertificateHarvest::lookAt(const Window& window, std::size_t position)
{
    using namespace std::string_view_literals;
    if (position < versionAt)
        return;
    const std::size_t begin = position - versionAt;
    if (window.fresh(begin) && window.bytes[begin] == 0x30 && window.bytes[begin + 1] == 0x82
        && window.bytes[begin + 4] == 0x30 && window.bytes[begin + 5] == 0x82
        && standsAt(window.bytes, position, "\xa0\x03\x02\x01\x02\x02"sv))
        read(window, begin);
}

void CertificateHarvest::read(const Window& window, std::size_t begin)
{
    const auto whole = derHeader(window.bytes, begin);
    if (!whole || whole->end > window.bytes.size() || whole->end - begin > largest)
        return;
    const ByteView der = window.bytes.subspan(begin, whole->end - begin);
    const std::uint64_t place = placeInFile(window, begin);
    const auto* data = der.data();
    const Certificate certificate(d2i_X509(nullptr, &data, static_cast<long>(der.size())),
                                  &X509_free);
    unsigned char* spki = nullptr;
    const int size
        = certificate ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &spki) : 0;
    if (size > 0)
        keep({sha256Hex({spki, static_cast<std::size_t>(size)}), description(certificate.get())},
             place);
    OPENSSL_free(spki);
}

/// Which ones stay is decided by their places alone.
void CertificateHarvest::keep(std::pair<std::string, std::string> certificate, std::uint64_t place)
{
    const auto [it, isNew] = m_found.try_emplace(std::move(certificate), place);
    it->second = std::min(it->second, place);
    if (m_found.size() <= 2 * most)
        return;
    std::vector<std::uint64_t> places;
    for (const auto& [one, first] : m_found)
        places.push_back(first);
    std::nth_element(places.begin(), places.begin() + most, places.end());
    std::erase_if(m_found, [&](const auto& one) { return one.second >= places[most]; });
}

void CertificateHarvest::join(WalkRound& other)
{
    for (const auto& [certificate, place] : static_cast<CertificateHarvest&>(other).m_found)
        keep(certificate, place);
}

std::vector<std::string> CertificateHarvest::ofKey(const std::string& spki) const
{
    std::vector<std::string> found;
    for (auto it = m_found.lower_bound({spki, {}}); it != m_found.end() && it->first.first == spki;
         ++it)
        found.push_back(it->first.second);
    return found;
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
// A small "server" that holds the secrets that servers hold, all made up at run time: a TLS key
// pair whose PEM was freed, session keys in cipher contexts, tokens in an environment, in a
// request and in a configuration. It says when it is ready and waits to be dumped.

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace {

std::string randomText(std::size_t length, const std::string& alphabet)
{
    std::vector<std::uint8_t> bytes(length);
    RAND_bytes(bytes.data(), static_cast<int>(length));
    std::string text;
    for (const std::uint8_t byte : bytes)
        text += alphabet[byte % alphabet.size()];
    return text;
}

const std::string lower = "abcdefghijklmnopqrstuvwxyz";
const std::string digits = "0123456789";
const std::string base62 = digits + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + lower;

std::uint32_t crc32(const std::string& text)
{
    std::uint32_t crc = 0xffffffffU;
    for (const char c : text) {
        crc ^= static_cast<std::uint8_t>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
    }
    return ~crc;
}

/// A token whose last six characters are its CRC-32 in base 62, as GitHub and npm write them.
std::string checkedToken(const std::string& prefix)
{
    const std::string body = randomText(30, base62);
    std::uint32_t crc = crc32(body);
    std::string tail(6, '0');
    for (std::size_t i = 6; i-- > 0; crc /= 62)
        tail[i] = base62[crc % 62];
    return prefix + body + tail;
}

std::string base64Url(const std::string& bytes)
{
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<std::uint8_t*>(text.data()),
                                     reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    for (char& c : text)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text.substr(0, text.find('='));
}

std::string signedToken(const std::string& key)
{
    const std::string head = base64Url(R"({"alg":"HS256","typ":"JWT","kid":"7a"})");
    const std::string body = base64Url(
        R"({"iss":"https://idp.example.net","sub":"app","exp":1893456000})");
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac {};
    unsigned size = 0;
    const std::string text = head + "." + body;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), mac.data(), &size);
    return text + "." + base64Url(std::string(mac.begin(), mac.begin() + size));
}

/// A key that went through PEM, as a server's key does: the text was read, parsed and freed.
EVP_PKEY* throughPem(EVP_PKEY* made)
{
    BIO* file = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(file, made, nullptr, nullptr, 0, nullptr, nullptr);
    EVP_PKEY* loaded = PEM_read_bio_PrivateKey(file, nullptr, nullptr, nullptr);
    BIO_free(file);
    EVP_PKEY_free(made);
    return loaded;
}

X509* certificateFor(EVP_PKEY* key, const char* name)
{
    X509* certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400L * 365);
    X509_set_pubkey(certificate, key);
    X509_NAME* subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const std::uint8_t*>(name), -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509_sign(certificate, key, EVP_sha256());
    return certificate;
}

EVP_CIPHER_CTX* session(const EVP_CIPHER* cipher)
{
    std::array<std::uint8_t, 32> key {};
    std::array<std::uint8_t, 16> iv {};
    RAND_bytes(key.data(), static_cast<int>(key.size()));
    RAND_bytes(iv.data(), static_cast<int>(iv.size()));
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex(context, cipher, nullptr, key.data(), iv.data());
    std::array<std::uint8_t, 64> out {};
    int size = 0;
    EVP_EncryptUpdate(context, out.data(), &size, key.data(), 16);
    OPENSSL_cleanse(key.data(), key.size());
    return context;
}

struct Server {
    EVP_PKEY* signing = throughPem(EVP_RSA_gen(2048));
    EVP_PKEY* tls = throughPem(EVP_EC_gen("P-256"));
    X509* certificate = certificateFor(tls, "api.example.net");
    X509* signingCertificate = certificateFor(signing, "idp.example.net");
    std::array<EVP_CIPHER_CTX*, 2> sessions {session(EVP_aes_256_gcm()),
                                             session(EVP_aes_128_gcm())};
    std::string github = checkedToken(std::string("gh") + "p_");
    std::string dsn = "postgresql://app:" + randomText(18, base62) + "@db.internal.example:5432/shop";
    std::string bearer = signedToken(randomText(32, base62));
    std::string request = "GET /v1/orders HTTP/1.1\r\nHost: api.example.net\r\nAuthorization: Bearer "
        + bearer + "\r\nAccept: application/json\r\n\r\n";
    std::string settings = R"({"database": {"host": "db.internal.example", "password": ")"
        + randomText(20, base62) + R"("}, "workers": 4})";
    std::u16string wide;
};

} // namespace

int main(int, char** arguments)
{
    const char* ready = std::getenv("COREDACT_SAMPLE_READY");
    if (!std::getenv("GITHUB_TOKEN")) {
        // Once more with a token in the environment, where shells and containers put them.
        const std::string token = checkedToken(std::string("gh") + "p_");
        const std::string key = std::string("AK") + "IA" + randomText(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
        setenv("GITHUB_TOKEN", token.c_str(), 1);
        setenv("AWS_ACCESS_KEY_ID", key.c_str(), 1);
        setenv("AWS_SECRET_ACCESS_KEY", randomText(40, base62 + "+/").c_str(), 1);
        std::array<char, 4096> program {};
        if (readlink("/proc/self/exe", program.data(), program.size() - 1) > 0)
            execv(program.data(), arguments);
        return 1;
    }
    auto server = std::make_unique<Server>();
    server->wide.assign(server->github.begin(), server->github.end());
    std::atomic<bool> ending = false;
    std::thread worker([&] {
        pthread_setname_np(pthread_self(), "worker");
        while (!ending)
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
    });
    if (ready)
        std::ofstream(ready) << "ready\n";
    else
        std::printf("pid %d\n", static_cast<int>(getpid()));
    std::fflush(stdout);
    for (int seconds = 0; seconds < 600 && getppid() != 1; ++seconds)
        std::this_thread::sleep_for(std::chrono::seconds(1));
    ending = true;
    worker.join();
}

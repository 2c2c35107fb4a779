// SPDX-License-Identifier: GPL-3.0-or-later
// Holds about 250 MB as a busy process does, to be dumped for the benchmark: text and source,
// libraries, heap full of pointers, random bytes, touched but empty pages, and a few secrets.
// corpusholder READY-FILE

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

namespace {

constexpr std::size_t megabyte = 1U << 20;

/// Up to `size` bytes of files below `folder` whose names end in one of `endings`.
std::string filesBelow(const char* folder, const std::vector<std::string>& endings,
                       std::size_t size)
{
    std::vector<std::filesystem::path> paths;
    std::error_code error;
    const auto options = std::filesystem::directory_options::skip_permission_denied;
    for (const auto& item : std::filesystem::recursive_directory_iterator(folder, options, error)) {
        const std::string name = item.path().filename().string();
        const auto ends = [&](const std::string& end) { return name.ends_with(end); };
        if (item.is_regular_file(error) && std::any_of(endings.begin(), endings.end(), ends))
            paths.push_back(item.path());
    }
    std::sort(paths.begin(), paths.end());
    std::string bytes(size, '\0');
    std::size_t filled = 0;
    for (const auto& path : paths) {
        std::ifstream file(path, std::ios::binary);
        file.read(bytes.data() + filled, static_cast<std::streamsize>(size - filled));
        filled += static_cast<std::size_t>(file.gcount());
    }
    bytes.resize(filled);
    return bytes;
}

std::uint8_t* randomPages(std::size_t size)
{
    auto* pages = static_cast<std::uint8_t*>(
        mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    for (std::size_t at = 0; at < size; at += 256)
        if (getrandom(pages + at, 256, 0) != 256)
            std::abort();
    return pages;
}

EVP_CIPHER_CTX* session()
{
    std::uint8_t key[48];
    RAND_bytes(key, sizeof key);
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nullptr, key, key + 32);
    OPENSSL_cleanse(key, sizeof key);
    return context;
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 2)
        return 2;
    const std::string text = filesBelow("/usr/include", {".h", ".hpp"}, 60 * megabyte);
    const std::string more
        = filesBelow("/usr/share", {".txt", ".py", ".xml", ".json", ".md"}, 20 * megabyte);
    const std::string libraries = filesBelow("/usr/lib", {".so", ".so.0", ".so.1", ".so.3", ".so.6"},
                                             70 * megabyte);
    const std::uint8_t* random = randomPages(40 * megabyte);
    auto* empty = static_cast<std::uint8_t*>(mmap(nullptr, 40 * megabyte, PROT_READ | PROT_WRITE,
                                                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    for (std::size_t at = 0; at < 40 * megabyte; at += 4096)
        empty[at] = 0;
    // A heap of small things, freed in part.
    std::mt19937 dice(7);
    std::map<std::uint32_t, std::string> words;
    for (int i = 0; i < 200'000; ++i)
        words[static_cast<std::uint32_t>(dice())] = text.substr(dice() % (text.size() / 2 + 1), 8 + dice() % 40);
    for (auto it = words.begin(); it != words.end();)
        it = dice() % 3 == 0 ? words.erase(it) : std::next(it);
    EVP_PKEY* rsa = EVP_RSA_gen(2048);
    EVP_PKEY* ec = EVP_EC_gen("P-256");
    EVP_CIPHER_CTX* cipher = session();

    std::ofstream(arguments[1]) << "ready\n";
    for (int seconds = 0; seconds < 600 && getppid() != 1; ++seconds)
        std::this_thread::sleep_for(std::chrono::seconds(1));
    return random[0] + empty[0] + static_cast<int>(more.size() + libraries.size()) + (rsa && ec && cipher);
}

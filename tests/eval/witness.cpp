// SPDX-License-Identifier: GPL-3.0-or-later
// Searches a file for byte strings, with nothing of Coredact in it: the evaluation's own truth.
//   witness places FILE NEEDLES    prints "NAME OFFSET SIZE" for every place of every needle
//   witness windows FILE NEEDLES   prints how many places of FILE hold a window of a needle
// NEEDLES has a line "NAME WINDOW HEX" for each; WINDOW is how many bytes write eight bytes of the
// secret, and needles have eight bytes or more.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace {

constexpr std::size_t window = 8;

struct Needle {
    std::string name;
    std::size_t width = window;
    std::string bytes;
};

/// Where a window of a needle begins.
struct Place {
    const Needle* needle;
    std::size_t at;
};

std::uint64_t wordAt(const char* at)
{
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

/// Windows that stand in every process tell nothing: few different bytes, or counting up.
bool tells(const char* at)
{
    std::unordered_set<char> seen(at, at + window);
    bool steady = true; // also UTF-16 and UTF-32 of such
    for (std::size_t i = 2; i < window; ++i)
        steady = steady && at[i] - at[i - 1] == at[1] - at[0];
    return seen.size() >= 5 && !steady;
}

std::vector<Needle> readNeedles(const char* path)
{
    std::vector<Needle> needles;
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
        std::istringstream parts(line);
        Needle needle;
        std::string hex;
        parts >> needle.name >> needle.width >> hex;
        for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
            needle.bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
        if (needle.bytes.size() >= window)
            needles.push_back(needle);
    }
    return needles;
}

std::string readAll(const char* path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

/// A table of bits that most words fail, so that the hash table is asked seldom.
class Sieve {
public:
    Sieve()
        : m_bits(std::size_t {1} << 22)
    {
    }
    void add(std::uint64_t word) { m_bits[place(word)] = true; }
    bool mayHold(std::uint64_t word) const { return m_bits[place(word)]; }

private:
    static std::size_t place(std::uint64_t word) { return word * 0x9e3779b97f4a7c15U >> 42; }
    std::vector<bool> m_bits;
};

void places(const std::string& bytes, const std::vector<Needle>& needles)
{
    Sieve sieve;
    std::unordered_multimap<std::uint64_t, const Needle*> byWord;
    for (const Needle& needle : needles) {
        sieve.add(wordAt(needle.bytes.data()));
        byWord.emplace(wordAt(needle.bytes.data()), &needle);
    }
    for (std::size_t at = 0; at + window <= bytes.size(); ++at) {
        const std::uint64_t word = wordAt(bytes.data() + at);
        if (!sieve.mayHold(word))
            continue;
        const auto [from, to] = byWord.equal_range(word);
        for (auto it = from; it != to; ++it)
            if (bytes.compare(at, it->second->bytes.size(), it->second->bytes) == 0)
                std::cout << it->second->name << ' ' << at << ' ' << it->second->bytes.size()
                          << '\n';
    }
}

void windows(const std::string& bytes, const std::vector<Needle>& needles)
{
    Sieve sieve;
    std::unordered_multimap<std::uint64_t, Place> byWord;
    for (const Needle& needle : needles)
        for (std::size_t i = 0; i + needle.width <= needle.bytes.size(); ++i)
            if (tells(needle.bytes.data() + i) || needle.width > 2 * window) {
                sieve.add(wordAt(needle.bytes.data() + i));
                byWord.emplace(wordAt(needle.bytes.data() + i), Place {&needle, i});
            }
    std::unordered_map<std::string, std::size_t> counts;
    for (std::size_t at = 0; at + window <= bytes.size(); ++at) {
        const std::uint64_t word = wordAt(bytes.data() + at);
        if (!sieve.mayHold(word))
            continue;
        const auto [from, to] = byWord.equal_range(word);
        for (auto it = from; it != to; ++it) {
            const auto& [needle, begin] = it->second;
            if (bytes.compare(at, needle->width, needle->bytes, begin, needle->width) == 0) {
                ++counts[needle->name];
                break;
            }
        }
    }
    std::size_t total = 0;
    for (const auto& [name, count] : counts) {
        std::cerr << name << ' ' << count << '\n';
        total += count;
    }
    std::cout << total << '\n';
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 4)
        return 2;
    const std::string bytes = readAll(arguments[2]);
    const auto needles = readNeedles(arguments[3]);
    if (std::string(arguments[1]) == "places")
        places(bytes, needles);
    else
        windows(bytes, needles);
}

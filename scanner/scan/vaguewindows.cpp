// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/vaguewindows.h"

#include "scanner/scan/propagatepublic.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::size_t eight = 8; ///< plain bytes in a row that may tell the secret
/// So many windows in a row at one alignment lie in each fragment that counts by its length.
constexpr std::size_t inLongFragment = 3;

bool isVague(ByteView window)
{
    // Of five and more bytes of which all but one are alike, one of the first two is.
    const auto alike = [&](std::uint8_t byte) {
        return static_cast<std::size_t>(std::count(window.begin(), window.end(), byte));
    };
    return std::max(alike(window[0]), alike(window[1])) + 1 >= window.size();
}

/// Where the eight plain bytes that the form writes from one place on end.
struct Eight {
    std::size_t end; ///< 0: there are less
    bool tells;
};

Eight eightFrom(const SecretForm& form, std::size_t begin)
{
    std::array<std::uint8_t, eight> plain;
    std::size_t count = 0;
    bool isPublic = false;
    bool isRandom = true;
    bool letterBesideDigit = false;
    for (std::size_t i = begin; i < form.bytes.size(); ++i) {
        const Origin origin = form.origin[i];
        if (i != begin && origin == form.origin[i - 1])
            continue;
        isPublic = isPublic || form.plain->isPublic[origin];
        isRandom = isRandom && form.plain->isRandomAt(origin);
        plain[count] = form.plain->bytes[origin];
        letterBesideDigit = letterBesideDigit
            || (count > 0 && isLetterBesideDigit(plain[count - 1], plain[count]));
        if (++count == eight)
            return {i + 1, !isPublic && (letterBesideDigit || tellsSecret(plain, isRandom))};
    }
    return {0, false};
}

class Leaver {
public:
    Leaver(const SecretForm& form, std::vector<bool>& taken, const WindowGrid& grid)
        : m_form(form)
        , m_taken(taken)
        , m_grid(grid)
    {
    }

    void leave(std::size_t at)
    {
        m_taken[at] = false;
        m_taken[at] = !(longFragmentsHaveOther(at) && shortFragmentsHaveOther(at));
    }

private:
    /// Whether one of the windows in [from, to], all of one alignment, is taken.
    bool anyTaken(std::size_t from, std::size_t to) const
    {
        for (std::size_t at = from; at <= to; at += m_grid.step)
            if (m_taken[at])
                return true;
        return false;
    }

    /// Whole copies too.
    bool longFragmentsHaveOther(std::size_t at) const
    {
        const std::size_t first = at % m_grid.step;
        const std::size_t last
            = at + (m_form.bytes.size() - m_grid.size - at) / m_grid.step * m_grid.step;
        const std::size_t width = std::min((inLongFragment - 1) * m_grid.step, last - first);
        const std::size_t end = std::min(at, last - width);
        for (std::size_t from = std::max(first + width, at) - width; from <= end;
             from += m_grid.step)
            if (!anyTaken(from, from + width))
                return false;
        return true;
    }

    bool shortFragmentsHaveOther(std::size_t at) const
    {
        for (std::size_t before = 0; before <= at; ++before) {
            const std::size_t begin = at - before;
            const Eight part = eightFrom(m_form, begin);
            if (part.end != 0 && part.end < at + m_grid.size)
                return true; // those further before end sooner
            if (part.tells && !anyTaken(begin + before % m_grid.step, part.end - m_grid.size))
                return false;
        }
        return true;
    }

    const SecretForm& m_form;
    std::vector<bool>& m_taken;
    const WindowGrid& m_grid;
};

} // namespace

void leaveVague(const SecretForm& form, std::vector<bool>& taken, const WindowGrid& grid)
{
    Leaver leaver(form, taken, grid);
    for (std::size_t at = 0; at + grid.size <= form.bytes.size(); ++at)
        if (taken[at] && isVague(ByteView(form.bytes).subspan(at, grid.size)))
            leaver.leave(at);
}

} // namespace coredact

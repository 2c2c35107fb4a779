// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/views.h"

#include "scanner/scan/base64view.h"
#include "scanner/scan/escapeview.h"
#include "scanner/scan/hexview.h"
#include "scanner/scan/listview.h"
#include "scanner/scan/wideview.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

std::string inside(std::string_view outer, std::string_view inner)
{
    return outer == "raw" ? std::string(inner) : std::string(outer) + "+" + std::string(inner);
}

void look(const Window& window, int depth, const std::function<void(const Window&)>& visit);

void show(const ViewBuffer& buffer, std::string_view outer, std::string_view name, int depth,
          const std::function<void(const Window&)>& visit)
{
    if (buffer.empty())
        return;
    const std::string encoding = inside(outer, name);
    const Window view = buffer.window(encoding);
    if (view.freshBegin >= view.freshEnd)
        return;
    visit(view);
    if (depth < deepestReading)
        look(view, depth + 1, visit);
}

/// Of less than 64 bytes.
ByteMasks lastMasks(ByteView bytes)
{
    SecretBytes padded(bytes.begin(), bytes.end());
    padded.resize(64, 0xff); // of no kind
    ByteMasks masks;
    maskKernelPortable(padded.data(), std::span(&masks, 1));
    return masks;
}

/// Calls `look` with the masks of each 64 bytes, and of what is left after them, in order.
template <typename Look> void forEachBlock(ByteView bytes, const Look& look)
{
    static const MaskKernel kernel = maskKernels().back().kernel;
    const std::size_t whole = bytes.size() / 64 * 64;
    std::array<ByteMasks, 64> masks;
    for (std::size_t at = 0; at < whole;) {
        const std::size_t count = std::min<std::size_t>(masks.size(), (whole - at) / 64);
        kernel(bytes.data() + at, std::span(masks).first(count));
        for (std::size_t i = 0; i < count; ++i, at += 64)
            look(at, masks[i]);
    }
    if (whole < bytes.size())
        look(whole, lastMasks(bytes.subspan(whole)));
}

void look(const Window& window, int depth, const std::function<void(const Window&)>& visit)
{
    WideViews wide(window);
    EscapeViews escapes(window);
    ListViews lists(window);
    std::vector<std::uint64_t> base64Masks((window.bytes.size() + 63) / 64);
    std::vector<std::uint64_t> hexMasks(base64Masks.size());
    forEachBlock(window.bytes, [&](std::size_t at, const ByteMasks& masks) {
        wide.look(at, masks);
        lists.look(at, masks);
        // What follows a mark is text; of the last byte it is not known here.
        escapes.look(at, masks.mark & (masks.text >> 1 | std::uint64_t(1) << 63));
        base64Masks[at / 64] = masks.base64;
        hexMasks[at / 64] = masks.hex;
    });
    const Base64Views base64(window, base64Masks);
    const HexViews hex(window, hexMasks);
    show(wide.little, window.encoding, "utf-16le", depth, visit);
    show(wide.big, window.encoding, "utf-16be", depth, visit);
    show(wide.little32, window.encoding, "utf-32le", depth, visit);
    show(wide.big32, window.encoding, "utf-32be", depth, visit);
    show(wide.behindText, window.encoding, "utf-16le", depth, visit);
    for (const ViewBuffer& decoded : base64.decoded)
        show(decoded, window.encoding, "base64", depth, visit);
    for (const ViewBuffer& decoded : hex.decoded)
        show(decoded, window.encoding, "hex", depth, visit);
    show(lists.decoded, window.encoding, "list", depth, visit);
    show(escapes.percent, window.encoding, "percent", depth, visit);
    show(escapes.backslash, window.encoding, "escaped", depth, visit);
    show(escapes.reference, window.encoding, "html", depth, visit);
}

} // namespace

void forEachView(const Window& window, const std::function<void(const Window&)>& visit, int depth)
{
    if (depth < deepestReading)
        look(window, depth + 1, visit);
}

int readingsOf(std::string_view encoding)
{
    return encoding == "raw"
        ? 0
        : 1 + static_cast<int>(std::count(encoding.begin(), encoding.end(), '+'));
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/views.h"

#include "scanner/scan/base64view.h"
#include "scanner/scan/wideview.h"

namespace coredact {

namespace {

constexpr int deepest = 3;

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
    if (depth < deepest)
        look(view, depth + 1, visit);
}

void look(const Window& window, int depth, const std::function<void(const Window&)>& visit)
{
    {
        const WideViews wide(window);
        show(wide.little, window.encoding, "utf-16le", depth, visit);
        show(wide.big, window.encoding, "utf-16be", depth, visit);
    }
    const Base64Views base64(window);
    for (const ViewBuffer& decoded : base64.decoded)
        show(decoded, window.encoding, "base64", depth, visit);
}

} // namespace

void forEachView(const Window& window, const std::function<void(const Window&)>& visit, int depth)
{
    look(window, depth + 1, visit);
}

} // namespace coredact

// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/automaton.h"

#include <cstdlib>
#include <new>

#include <hs.h>

namespace coredact {

namespace {

int tell(unsigned id, unsigned long long, unsigned long long to, unsigned, void* hear)
{
    (*static_cast<const Automaton::Hear*>(hear))(id, static_cast<std::size_t>(to));
    return 0;
}

} // namespace

void FreeScratch::operator()(hs_scratch* scratch) const { hs_free_scratch(scratch); }

Automaton::Automaton(hs_database* database)
    : m_database(database, [](hs_database* one) { hs_free_database(one); })
{
}

Result<Automaton> Automaton::make(std::vector<AutomatonText> texts,
                                  std::vector<AutomatonRefusal>& refused)
{
    while (!texts.empty()) {
        std::vector<const char*> expressions;
        std::vector<unsigned> ids;
        for (const AutomatonText& text : texts) {
            expressions.push_back(text.text.c_str());
            ids.push_back(text.id);
        }
        hs_database_t* database = nullptr;
        hs_compile_error_t* problem = nullptr;
        if (hs_compile_multi(expressions.data(), nullptr, ids.data(),
                             static_cast<unsigned>(ids.size()), HS_MODE_BLOCK, nullptr, &database,
                             &problem)
            == HS_SUCCESS)
            return Automaton(database);
        const std::string reason = problem ? problem->message : "unknown";
        const int culprit = problem ? problem->expression : -1;
        hs_free_compile_error(problem);
        if (culprit < 0)
            return Error {
                ErrorCode::Unsupported, "the rules do not compile together: " + reason, {}};
        refused.push_back({ids[static_cast<std::size_t>(culprit)], reason});
        texts.erase(texts.begin() + culprit);
    }
    return Automaton();
}

std::string Automaton::libraryName() { return hs_version(); }

std::vector<std::uint8_t> Automaton::bytes() const
{
    char* text = nullptr;
    std::size_t size = 0;
    if (empty() || hs_serialize_database(m_database.get(), &text, &size) != HS_SUCCESS)
        return {};
    const ByteView view = asBytes(std::string_view(text, size));
    std::vector<std::uint8_t> bytes(view.begin(), view.end());
    std::free(text);
    return bytes;
}

std::optional<Automaton> Automaton::from(ByteView bytes)
{
    hs_database_t* database = nullptr;
    if (hs_deserialize_database(asText(bytes).data(), bytes.size(), &database) != HS_SUCCESS)
        return std::nullopt;
    return Automaton(database);
}

AutomatonScratch Automaton::newScratch() const
{
    hs_scratch_t* scratch = nullptr;
    if (!empty() && hs_alloc_scratch(m_database.get(), &scratch) != HS_SUCCESS)
        throw std::bad_alloc();
    return AutomatonScratch(scratch);
}

void Automaton::scan(ByteView bytes, const AutomatonScratch& scratch, const Hear& hear) const
{
    if (empty() || bytes.empty())
        return;
    // The library's context is not const; `tell` only calls it.
    hs_scan(m_database.get(), asText(bytes).data(), static_cast<unsigned>(bytes.size()), 0,
            scratch.get(), tell, const_cast<Hear*>(&hear));
}

} // namespace coredact

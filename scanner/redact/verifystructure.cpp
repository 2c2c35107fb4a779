// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/verifystructure.h"

#include "scanner/redact/verifyvalues.h"

#include <algorithm>

namespace coredact {

namespace {

template <typename Item, typename Same>
void compareLists(const std::vector<Item>& copy, const std::vector<Item>& original,
                  const std::string& what, VerificationNotes& notes, Same same)
{
    if (copy.size() != original.size()) {
        notes.violate("structure", std::nullopt,
                      "the copy has " + std::to_string(copy.size()) + " " + what + ", the original "
                          + std::to_string(original.size()));
        return;
    }
    for (std::size_t i = 0; i < copy.size(); ++i)
        if (!same(copy[i], original[i]))
            notes.violate("structure", std::nullopt,
                          what + " " + std::to_string(i + 1) + " reads otherwise than before");
}

bool editsOverlap(const RedactionPlan& plan, const FileRange& range)
{
    return std::any_of(plan.edits().begin(), plan.edits().end(),
                       [&](const Edit& edit) { return edit.range.overlaps(range); });
}

bool isFilled(const RedactionPlan& plan, std::string_view reason)
{
    return std::any_of(plan.edits().begin(), plan.edits().end(),
                       [&](const Edit& edit) { return edit.reason.starts_with(reason); });
}

/// Fields in memory are found by what lies around them, which a custom copy may have filled.
std::vector<Field> fieldsOutsideMemory(const Dump& dump)
{
    std::vector<FileRange> memory;
    for (const Segment& segment : dump.segments)
        memory.push_back(segment.file);
    memory = normalised(std::move(memory));
    std::vector<Field> fields;
    for (const Field& field : dump.fields)
        if (!overlapsAny(memory, field.file))
            fields.push_back(field);
    return fields;
}

} // namespace

void compareDumps(const Dump& copy, const Dump& original, const RedactionPlan& plan,
                  VerificationNotes& notes)
{
    if (copy.format != original.format || copy.order != original.order
        || copy.wordSize != original.wordSize)
        notes.violate("structure", std::nullopt, "the copy reads as another format");
    compareLists(copy.segments, original.segments, "segments", notes,
                 [](const Segment& one, const Segment& other) {
                     return one.memory == other.memory && one.file == other.file
                         && one.access == other.access;
                 });
    if (!isFilled(plan, "class:loader"))
        compareLists(
            copy.modules, original.modules, "modules", notes,
            [](const Module& one, const Module& other) { return one.memory == other.memory; });
    compareLists(copy.structure, original.structure, "structural ranges", notes,
                 [](const FileRange& one, const FileRange& other) { return one == other; });
    const bool inMemoryToo = !isFilled(plan, "class:");
    compareLists(inMemoryToo ? copy.fields : fieldsOutsideMemory(copy),
                 inMemoryToo ? original.fields : fieldsOutsideMemory(original), "fields", notes,
                 [](const Field& one, const Field& other) {
                     return one.file == other.file && one.kind == other.kind;
                 });
    const bool registersEdited
        = std::any_of(original.fields.begin(), original.fields.end(), [&](const Field& field) {
              return field.kind == FieldKind::GeneralRegisters && editsOverlap(plan, field.file);
          });
    const auto sameRegister = [](const Register& one, const Register& other) {
        return one.name == other.name && one.value == other.value;
    };
    compareLists(copy.threads, original.threads, "threads", notes,
                 [&](const Thread& one, const Thread& other) {
                     return registersEdited
                         || (one.id == other.id && one.pc == other.pc && one.sp == other.sp
                             && one.signal == other.signal
                             && std::equal(one.registers.begin(), one.registers.end(),
                                           other.registers.begin(), other.registers.end(),
                                           sameRegister));
                 });
}

} // namespace coredact

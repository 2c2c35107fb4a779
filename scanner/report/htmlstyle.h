// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace coredact::report {

/// The look of the HTML report: light and dark as the reader's system has it, and for print.
/// Colours after Okabe and Ito; a shape repeats each severity.
inline constexpr std::string_view htmlStyle = R"(
:root { color-scheme: light dark; --window: #eceef1; --panel: #fff; --line: #d5d9df;
  --text: #1d2126; --dim: #5d6670; }
@media (prefers-color-scheme: dark) {
  :root { --window: #1f2226; --panel: #26292e; --line: #3a3f46; --text: #e4e6e9; --dim: #9aa1aa; } }
body { background: var(--window); color: var(--text); font: 15px/1.45 system-ui, sans-serif;
  max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; overflow-wrap: anywhere; } h3 { font-size: 1rem; margin: 0 0 .5rem; }
small, dt, th, footer, summary { color: var(--dim); font-weight: normal; }
.sum { font-weight: 600; } .warn { font-weight: 600; }
.finding { background: var(--panel); border: 1px solid var(--line); border-left: 4px solid var(--sev);
  border-radius: 5px; padding: .8rem 1rem; margin: .8rem 0; break-inside: avoid-page; }
.chip { border-bottom: 2px solid var(--sev); padding-right: .2rem; }
.critical { --sev: #d55e00; } .high { --sev: #e69f00; } .medium { --sev: #3a9ad9; }
.low { --sev: #7a8794; } .info { --sev: #7a8794; }
dl { display: grid; grid-template-columns: 8.5rem 1fr; gap: .2rem .8rem; margin: 0 0 .5rem; }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: .9em; } td, th { text-align: left; padding: .1rem .8rem .1rem 0;
  border-bottom: 1px solid var(--line); }
td.n { font-family: "Noto Sans Mono", "DejaVu Sans Mono", monospace; text-align: right; }
@media print { body { background: none; max-width: none; padding: 0; font-size: 11px; } }
)";

} // namespace coredact::report

// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the page of a history has beside the style of the report (html_style.h). Colours carry no meaning that
// shapes or words do not carry too.

namespace cardwarden::render {

constexpr char kTimelineStyle[] = R"css(
main,header,footer{max-width:84rem}
.verdict p{max-width:90ch}.verdict.calm{border-left-color:var(--blue)}.verdict.calm h1{color:var(--ink)}
.grid{table-layout:fixed}
.grid th,.grid td{border:0;padding:0;vertical-align:middle}
.grid th.what{width:15rem;text-align:left;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;font-weight:500;font-size:.9rem;color:var(--ink);padding-right:1rem}
.grid th.group{padding:1.1rem 0 .3rem;color:var(--soft);font-size:.82rem;font-weight:600;border-bottom:1px solid var(--line);white-space:normal}
.grid td.now{width:10.5rem;padding-left:.9rem;font-size:.82rem;color:var(--soft);white-space:nowrap;text-align:left}
.grid td.now b{font-weight:600;color:var(--red)}
.grid tbody tr:hover th.what,.grid tbody tr:hover td.now{color:var(--blue)}
.strip{display:block;width:100%;height:1.75rem;overflow:visible}
.axis{display:block;width:100%;height:1.5rem;overflow:visible}
.axis text{fill:var(--soft);font-size:12px}
.strip .base{stroke:var(--line);stroke-width:1}
.strip .year,.axis .year{stroke:var(--line);stroke-width:1}
:root{--bar:#3f9d74;--bar-edge:#0b6b43}
@media (prefers-color-scheme:dark){:root{--bar:#2f7d5a;--bar-edge:#6ed3a0}}
.strip .on,.key .on{fill:var(--bar)}
.strip .edge{stroke:var(--bar-edge);stroke-width:1.5}
.strip .cut{stroke:var(--paper);stroke-width:1.5}
.strip .tbd,.key .tbd{fill:var(--amber-bg);stroke:var(--amber);stroke-width:1;stroke-dasharray:3 2}
.strip a .hit{fill:transparent}
.strip a:hover .on,.strip a:focus .on{fill:var(--blue)}.strip a:hover .tbd{stroke:var(--blue)}
.strip a:focus{outline:2px solid var(--blue);outline-offset:1px}
.gone{stroke:var(--red);stroke-width:2.2;fill:none;stroke-linecap:round}
.thin{fill:var(--amber);stroke:var(--paper);stroke-width:1}
.weight{fill:var(--blue);stroke:var(--paper);stroke-width:1}
.silent{fill:var(--paper);stroke:var(--red);stroke-width:2.2}
.move{fill:var(--blue);stroke:var(--paper);stroke-width:1}
.move.loose{fill:var(--red)}
.legend{display:flex;flex-wrap:wrap;gap:.35rem 1.4rem;margin:.75rem 0 1rem;padding:0;list-style:none;font-size:.86rem;color:var(--soft)}
.legend svg{width:1.4rem;height:1.1rem;vertical-align:-.2rem;margin-right:.35rem;overflow:visible}
.rev{padding:.9rem 0;border-bottom:1px solid var(--line);scroll-margin-top:1rem}
.rev:last-child{border-bottom:0}
.rev:target{background:var(--blue-bg);box-shadow:-.75rem 0 0 var(--blue-bg),.75rem 0 0 var(--blue-bg);border-radius:2px}
.rev .head time{font-weight:600;white-space:nowrap}
.rev .head .by{color:var(--soft)}
.rev .head code{margin-left:auto}
.rev .subject{color:var(--soft);margin-top:.1rem}
.rev ul{margin:.45rem 0 0;padding:0;list-style:none}
.rev li{margin-top:.35rem}
.rev li .chip{margin-right:.5rem}
.rev .quote s{text-decoration-color:var(--red);text-decoration-thickness:1px}
.rev .names{color:var(--soft)}
.quiet{color:var(--soft);font-size:.86rem;padding:.5rem 0;border-bottom:1px solid var(--line)}
@media screen and (max-width:50rem){.grid th.what{width:8.5rem}.grid td.now{width:5.5rem;white-space:normal;line-height:1.2}}
@media screen and (max-width:40rem){.grid th.what{width:7.6rem;white-space:normal;line-height:1.15;font-size:.84rem;padding:.15rem .5rem .15rem 0}
.grid td.now{width:5.4rem;padding-left:.5rem;font-size:.78rem;overflow-wrap:normal}}
@media print{.tiles dd{font-size:1.25rem}.grid td.now{width:8.5rem}.grid{font-size:9pt}.strip .on{fill:#5aa483;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.strip .tbd,.silent,.weight,.move,.thin,.legend svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.grid th.what{width:10rem}.rev,.grid tr{break-inside:avoid}.rev:target{background:none;box-shadow:none}.tiles{grid-template-columns:repeat(3,1fr)}}
)css";

}  // namespace cardwarden::render

// SPDX-License-Identifier: Apache-2.0
#pragma once
// The style sheet of the HTML report. The page's content-security-policy names its SHA-256, so it is one
// constant and there are no style attributes. Colours carry no meaning that words do not carry too.

namespace cardwarden::render {

constexpr char kStyle[] = R"css(
:root{color-scheme:light dark;--bg:#f5f6f8;--paper:#fff;--ink:#1a202b;--soft:#566070;--line:#e1e5eb;--wash:#f0f2f5;
--red:#b3261e;--red-bg:#fdecea;--amber:#855300;--amber-bg:#fdf3dc;--blue:#1a56b8;--blue-bg:#e8f0fd;
--green:#0b6b43;--green-bg:#e4f5ec;--mark:#fff0b3;--shadow:0 1px 2px rgba(20,28,40,.06)}
@media (prefers-color-scheme:dark){:root{--bg:#0e1217;--paper:#161b22;--ink:#e5e9f0;--soft:#9aa5b4;--line:#2a323d;--wash:#1d242d;
--red:#ff9087;--red-bg:#3a1a1a;--amber:#f2c166;--amber-bg:#35290f;--blue:#8ab8ff;--blue-bg:#152a4a;
--green:#6ed3a0;--green-bg:#11301f;--mark:#5a4a10;--shadow:none}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main,header,footer{max-width:68rem;margin:0 auto;padding:0 1.5rem}
h1,h2,h3{line-height:1.25;margin:0;text-wrap:balance}
p{margin:0}
a{color:var(--blue)}
code{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace}
.brand{padding-top:2rem;color:var(--soft);font-size:.875rem;letter-spacing:.02em}
.verdict{margin-top:.75rem;padding:1.5rem 1.75rem;background:var(--paper);border:1px solid var(--line);border-left:6px solid var(--green);
border-radius:10px;box-shadow:var(--shadow)}
.verdict.failed{border-left-color:var(--red)}
.verdict h1{font-size:1.9rem;color:var(--green)}
.verdict.failed h1{color:var(--red)}
.verdict p{margin-top:.5rem;max-width:60ch;font-size:1.05rem}
.verdict p.soft{font-size:.9rem;color:var(--soft)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;margin:.75rem 0 0;padding:0}
.tiles div{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:.75rem 1rem;box-shadow:var(--shadow)}
.tiles dt{color:var(--soft);font-size:.85rem}
.tiles dd{margin:0;font-size:1.7rem;font-weight:650;line-height:1.3}
.tiles .error dd{color:var(--red)}.tiles .warning dd{color:var(--amber)}.tiles .info dd{color:var(--blue)}
.tiles .zero dd{color:var(--soft);font-weight:500}
.panel{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:1.5rem 1.75rem;margin-top:1.25rem;box-shadow:var(--shadow)}
.panel>h2{font-size:1.3rem}
.panel h3{font-size:1.02rem;margin-top:1.75rem;padding-bottom:.4rem;border-bottom:1px solid var(--line)}
.meta{color:var(--soft);margin-top:.25rem}
.scroll{overflow-x:auto;margin-top:.75rem}
table{border-collapse:collapse;width:100%;font-size:.94rem}
th{text-align:left;color:var(--soft);font-weight:550;font-size:.82rem;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);white-space:nowrap}
td{padding:.55rem .75rem .55rem 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}
th:last-child,td:last-child{padding-right:0}
.number{text-align:right;white-space:nowrap;width:1%}
th.number{padding-left:.75rem}
td.wide{min-width:14rem}
td.zero{color:var(--soft)}
td.word{white-space:nowrap;width:1%}
td.name{width:24%;min-width:11rem;font-weight:550}
td.name code{display:block;font-weight:400;color:var(--soft);font-size:.78rem}
.bar{display:block;width:7rem;height:.5rem;border-radius:4px;overflow:hidden;margin-top:.3rem;background:var(--wash)}
.bar .on{fill:var(--green)}.bar .half{fill:var(--amber)}
.chip{display:inline-block;white-space:nowrap;border-radius:99px;padding:.05rem .65rem;font-size:.82rem;font-weight:600;background:var(--wash);color:var(--soft)}
.chip.red{background:var(--red-bg);color:var(--red)}.chip.amber{background:var(--amber-bg);color:var(--amber)}
.chip.blue{background:var(--blue-bg);color:var(--blue)}.chip.green{background:var(--green-bg);color:var(--green)}
.finding{padding:.95rem 0;border-bottom:1px solid var(--line)}
.finding:last-child{border-bottom:0;padding-bottom:0}
.head{display:flex;flex-wrap:wrap;gap:.25rem .6rem;align-items:baseline}
.head strong{font-size:1rem}
.head code,.place{color:var(--soft);font-size:.82rem}
.place{margin-left:auto;white-space:nowrap}
.finding p{margin-top:.3rem;max-width:75ch}
.fix b{font-weight:600}
.fix{color:var(--soft)}
.quote{margin:.45rem 0 0;padding:.35rem .8rem;border-left:3px solid var(--line);background:var(--wash);border-radius:0 6px 6px 0;font-size:.9rem}
.quote .line{color:var(--soft);font-size:.8rem;margin-right:.5rem;white-space:nowrap}
td .quote:first-child{margin-top:0}
mark{background:var(--mark);color:inherit;border-radius:3px;padding:0 .1em}
details{margin-top:1.25rem}
summary{cursor:pointer;color:var(--soft)}
.none{color:var(--soft);margin-top:.75rem}
footer{padding-top:1.5rem;padding-bottom:3rem;color:var(--soft);font-size:.82rem}
footer strong{display:block;color:var(--ink);font-size:.95rem;margin-bottom:.5rem}
footer dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:0}
footer dd{margin:0}
@media (max-width:40rem){main,header,footer{padding:0 .75rem}.panel,.verdict{padding:1rem}.place{margin-left:0}}
@media print{:root{color-scheme:light;--bg:#fff;--paper:#fff;--ink:#000;--soft:#444;--line:#ccc;--wash:#f4f4f4;--red:#9b1c15;--red-bg:#fff;
--amber:#6b4300;--amber-bg:#fff;--blue:#123f88;--blue-bg:#fff;--green:#07502f;--green-bg:#fff;--mark:#eee;--shadow:none}
body{font-size:10.5pt}main,header,footer{max-width:none;padding:0}.panel{border:0;padding:0;margin-top:1.5rem}
.chip{border:1px solid currentColor}a{color:inherit;text-decoration:none}h2,h3,.head{break-after:avoid}
.finding,tr,.tiles div,footer{break-inside:avoid}mark{background:none;font-weight:650;text-decoration:underline}
.tiles{grid-template-columns:repeat(7,1fr)}.scroll{overflow:visible}@page{margin:18mm}}
)css";

}  // namespace cardwarden::render

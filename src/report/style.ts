/** The style sheet of the page. Without it (a policy may block it) the page stays readable: see the markup. */
import { colourProperties } from './palette.js';

const LIGHT = `--paper:#fff;--fg:#1d1f23;--muted:#5a5f66;--grid:#e7e7e4;--rule:#8b9097;--line:#dedfdc;--panel:#f6f6f3;--accent:#005ea2;--bad:#b3261e;--edge:rgb(0 0 0/.3);${colourProperties('light')}`;
const DARK = `--paper:#15171a;--fg:#e9e9e6;--muted:#a8adb5;--grid:#2b2f35;--rule:#7b828b;--line:#33373e;--panel:#1d2024;--accent:#7cc0ff;--bad:#ff8a80;--edge:rgb(255 255 255/.32);${colourProperties('dark')}`;

/**
 * CSS of the whole page; a constant text.
 *
 * A scroller shows a shade at an edge beyond which there is more: the shades stand still, and covers of the ground's
 * colour move with the contents, over a shade once its end is reached. Backgrounds of cells must let both through.
 *
 * In print nothing scrolls: cells wrap and letters are small, so that the widest tables fit A4 upright. The buttons that
 * scripts put into heads have no boxes there, since Chromium leaves boxes out of heads that it repeats on the next sheet.
 */
export const STYLE = `
:root{color-scheme:light;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;${DARK}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--fg);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;font-variant-numeric:tabular-nums}
.page{max-width:1160px;margin:0 auto;padding:0 24px 64px}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-999em}
.skip:focus{left:8px;top:8px;background:var(--paper);padding:4px 8px;z-index:1}
header{padding:40px 0 8px}
section,figure{scroll-margin-top:84px}
header .kind{margin:0;color:var(--muted);font-size:14px}
h1{font-size:34px;line-height:1.15;letter-spacing:-.015em;margin:4px 0 8px;overflow-wrap:anywhere}
h2{font-size:22px;line-height:1.25;letter-spacing:-.01em;margin:56px 0 12px;padding-top:16px;border-top:1px solid var(--line)}
h3{font-size:16px;margin:24px 0 4px}
p{margin:0 0 12px;max-width:76ch}
header .about{font-size:18px;margin-bottom:10px}
.run{display:flex;flex-wrap:wrap;gap:2px 18px;margin:0;padding:0;list-style:none;color:var(--muted);font-size:14px}
nav{position:sticky;top:0;z-index:3;background:var(--paper);border-bottom:1px solid var(--line);margin:10px 0 0}
nav ul{display:flex;flex-wrap:wrap;gap:0;margin:0 0 0 -6px;padding:3px 0 0;list-style:none;font-size:14px}
nav a{display:block;padding:7px 6px 5px;text-decoration:none;color:var(--muted);border-bottom:2px solid transparent;white-space:nowrap}
nav a:hover{color:var(--accent)}
nav a[aria-current]{color:var(--fg);border-bottom-color:var(--accent)}
.anchor{color:var(--muted);text-decoration:none;font-weight:400;opacity:0;padding:0 4px}
h2:hover .anchor,.anchor:focus-visible{opacity:1}
#answer h2{border-top:0;margin-top:20px}
.answer{margin:0;display:grid;gap:14px}
.answer>div{border-left:3px solid var(--line);padding:1px 0 1px 16px}
.answer.more{margin-top:18px}
.answer:not(.more)>div:first-child{border-left-color:var(--accent)}
.answer dt{font-size:14px;color:var(--muted)}
.answer dd{margin:0;font-size:17px;max-width:72ch;overflow-wrap:anywhere}
.answer dd ul{margin:6px 0 0;padding-left:20px;font-size:16px}
.answer:not(.more)>div:first-child dd{font-size:21px;line-height:1.4;letter-spacing:-.005em}
.caveats{max-width:900px;margin:16px 0 0;padding:12px 16px 12px 34px;background:var(--panel);border-radius:6px;font-size:15px}
.note{color:var(--muted);font-size:14px}
.caveats+.note{margin-top:12px}
.scroll{overflow-x:auto;margin:8px 0 20px;container-type:inline-size;background:linear-gradient(90deg,var(--paper) 30%,transparent) 0 0/40px 100% no-repeat local,linear-gradient(270deg,var(--paper) 30%,transparent) 100% 0/40px 100% no-repeat local,linear-gradient(90deg,var(--edge),transparent) 0 0/14px 100% no-repeat scroll,linear-gradient(270deg,var(--edge),transparent) 100% 0/14px 100% no-repeat scroll}
.scroll::-webkit-scrollbar{height:9px}
.scroll::-webkit-scrollbar-track{background:var(--panel);border-radius:5px}
.scroll::-webkit-scrollbar-thumb{background:var(--rule);border-radius:5px}
@supports not selector(::-webkit-scrollbar){.scroll{scrollbar-width:thin;scrollbar-color:var(--rule) var(--panel)}}
@keyframes beyond{to{box-shadow:8px 0 8px -8px var(--edge)}}
@supports (animation-timeline:scroll()){tbody th[scope=row]{animation:beyond 1ms linear both;animation-timeline:scroll(nearest inline);animation-range:0 16px}}
.scroll caption,.scroll>figure>figcaption{position:sticky;left:0;max-width:100cqw}
table{border:0;border-collapse:separate;border-spacing:0;font-size:14px;line-height:1.35}
caption{text-align:left;font-weight:600;padding:0 0 6px}
th,td{border:0;border-bottom:1px solid var(--line);padding:6px 14px 6px 0;text-align:left;vertical-align:baseline;white-space:nowrap;font-weight:400}
thead th{color:var(--muted);font-size:13px;vertical-align:bottom;white-space:normal;border-bottom-color:var(--rule)}
.n{text-align:right}
th:last-child,td:last-child{padding-right:0}
tbody th small,td small{color:var(--muted);font-size:12px}
td b{font-weight:650}
tbody th[scope=row],table:has(tbody th[scope=row]) thead th:first-child{position:sticky;left:0;background:var(--paper)}
tr.place th{padding-top:18px;font-weight:650;border-bottom-color:var(--rule)}
tr.tenant th{padding-left:36px;color:var(--muted)}
td.text{white-space:normal;min-width:16em;max-width:30em}
.key{overflow-wrap:anywhere}
.answer .id,.answer .q{white-space:nowrap}
.answer .id{font-weight:600}
.again{color:var(--muted)}
tbody tr:hover>*{background:var(--panel)}
tr.place:hover>*{background:none}
th button{all:unset;cursor:pointer;color:inherit}
th button:hover{text-decoration:underline}
th button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
th[aria-sort=ascending] button::after{content:" ↑"}
th[aria-sort=descending] button::after{content:" ↓"}
.swatch{vertical-align:-1px;margin-right:4px;flex:none}
.legend{display:flex;flex-wrap:wrap;gap:4px 22px;margin:4px 0 12px;padding:0;list-style:none;font-size:14px}
table.glance td{padding:7px 10px;border-left:2px solid var(--paper);border-bottom:2px solid var(--paper)}
table.glance th{padding-right:10px}
table.glance thead th{border-left:2px solid var(--paper)}
table.glance thead th.n{padding-right:10px}
table.glance th:first-child{border-left:0}
table.glance{min-width:min(100%,560px)}
caption small{font-weight:400;color:var(--muted);font-size:13px;margin-left:6px}
.h0,.h1{background:color-mix(in srgb,var(--accent) 2%,transparent)}
.h2{background:color-mix(in srgb,var(--accent) 6%,transparent)}
.h3{background:color-mix(in srgb,var(--accent) 10%,transparent)}
.h4{background:color-mix(in srgb,var(--accent) 14%,transparent)}
.h5{background:color-mix(in srgb,var(--accent) 18%,transparent)}
.h6{background:color-mix(in srgb,var(--accent) 26%,transparent)}
td small.doubt{color:var(--bad)}
.meter{vertical-align:0;margin-right:6px}
.legend button{all:unset;cursor:pointer;border-radius:4px;padding:1px 6px;margin:0 -6px}
.legend button:hover{background:var(--panel)}
.legend button:focus-visible{outline:2px solid var(--accent)}
.legend button[aria-pressed=false]{opacity:.55;text-decoration:line-through}
.tools{float:right;display:inline-flex;gap:10px;font-size:13px;opacity:0;transition:opacity .12s}
figcaption .tools{color:var(--muted);margin-left:10px}
figure:hover .tools,figure:focus-within .tools{opacity:1}
.tools button{all:unset;cursor:pointer;color:var(--accent)}
.tools a{text-decoration:none}
.tools button:hover,.tools a:hover{text-decoration:underline}
.tools button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.readout{display:flex;flex-wrap:wrap;gap:0 14px;min-height:1.5em;font-size:13px;margin-top:2px}
dialog.large{width:min(96vw,1400px);max-width:none;max-height:96vh;border:1px solid var(--line);border-radius:8px;background:var(--paper);color:var(--fg);padding:18px 22px}
dialog.large::backdrop{background:rgb(0 0 0/.5)}
dialog.large .tool{float:right;margin:0}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:12px 32px;margin:12px 0 20px}
.charts.small{grid-template-columns:repeat(auto-fill,minmax(min(100%,320px),1fr));gap:10px 28px}
figure{margin:0;min-width:0}
figcaption{font-size:15px;margin-bottom:4px}
figcaption span{color:var(--muted);font-size:13px;margin-left:4px}
figure svg{display:block;width:100%;height:auto;overflow:visible}
.scroll>figure{min-width:700px;padding:0 2px 2px}
details{border-bottom:1px solid var(--line)}
summary{cursor:pointer;padding:9px 0;font-size:15px}
summary:hover{color:var(--accent)}
details>:not(summary){margin-left:18px}
main details>.charts{margin-top:8px}
.trust{font-size:13px}
.trust.unknown{border:1px solid currentcolor;border-radius:3px;padding:0 5px;color:var(--bad)}
.bad{color:var(--bad)}
.designs{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:0 40px}
.design ul{margin:0 0 8px;padding-left:20px}
.command{background:var(--panel);border-radius:6px;padding:14px 16px;margin:0 0 12px;white-space:pre-wrap;overflow-wrap:anywhere;font-size:14px}
code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.93em}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 20px;font-size:14px;margin:0 0 16px}
.facts dt{color:var(--muted)}
.facts dd,.glossary dd{margin:0;overflow-wrap:anywhere}
.glossary{font-size:14px}
.glossary dt{margin-top:8px}
.glossary code{color:var(--muted);margin-left:4px}
.tool{font:inherit;font-size:13px;color:var(--accent);background:none;border:1px solid var(--line);border-radius:4px;padding:2px 10px;margin:0 8px 12px 0;cursor:pointer}
footer{margin-top:48px;padding-top:12px;border-top:1px solid var(--line);color:var(--muted);font-size:13px}
@media screen and (max-width:900px){
.stack tbody th[scope=row],.stack td{white-space:normal;padding-right:8px}
.stack td.n{white-space:nowrap}
}
@media (max-width:640px){
tbody th[scope=row]{white-space:normal;min-width:9.5em}
nav ul{flex-wrap:nowrap;overflow-x:auto;scrollbar-width:thin}
.stack thead{display:none}
.stack,.stack tbody,.stack tr,.stack td,.stack th{display:block}
.stack tr{padding:8px 0;border-bottom:1px solid var(--line)}
.stack tbody th,.stack td{border:0;padding:1px 0;text-align:left;white-space:normal;overflow-wrap:anywhere;min-width:0;max-width:none}
.stack td[data-label]::before{content:attr(data-label) ": ";color:var(--muted)}
.stack tbody th[scope=row]{position:static;font-weight:600}
.stack tr.place{padding-bottom:0}
.page{padding:0 16px 40px}
header{padding-top:24px}
h1{font-size:27px}
h2{margin-top:40px}
.answer dd ul{margin:6px 0 0;padding-left:20px;font-size:16px}
.answer:not(.more)>div:first-child dd{font-size:18px}
.answer dd{font-size:16px}
.facts{grid-template-columns:1fr;gap:0}
.facts dd{margin-bottom:6px}
figure:not(:hover):not(:focus-within) .tools{display:none}
}
@media print{
body{font-size:10pt}
.page{max-width:none;padding:0}
nav,.tool,.tools,.anchor,.skip,.readout,dialog{display:none}
.scroll{overflow:visible;background:none}
.scroll>figure{min-width:0}
.scroll caption,.scroll>figure>figcaption,tbody th[scope=row],table:has(tbody th[scope=row]) thead th:first-child{position:static;animation:none}
table{font-size:7.5pt}
.scroll th,.scroll td{white-space:normal;padding:2px 6px 2px 0}
tr.place th{padding-top:8px}
table.glance td{padding:2px 6px}
table:not(.stack) .n small:not(.doubt){white-space:nowrap}
.charts{grid-template-columns:repeat(2,1fr);gap:8px 24px}
.charts.small{grid-template-columns:repeat(3,1fr);gap:8px 20px}
th button{display:contents}
.scroll td.text{min-width:0}
.scroll td code{overflow-wrap:anywhere}
tbody th small,td small,thead th,caption small,.trust{font-size:6.5pt}
td,.trust{print-color-adjust:exact}
figure,tr,.design,table.glance{break-inside:avoid}
h2,h3,thead,caption{break-after:avoid}
details::details-content{content-visibility:visible;block-size:auto}
}
`.trim();

/** One column as wide as a plot, light or dark as the reader's screen, whole figures on paper. */
export const REPORT_STYLE = `
:root {
  --ink: #1f2328; --faint: #59636e; --line: #d8dce1; --page: #f5f6f8; --card: #ffffff; --shade: #1f232840;
}
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --faint: #9aa4af; --line: #2b323b; --page: #0d1117; --card: #151a21; --shade: #e6e8eb40; }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
main { max-width: 822px; margin: 0 auto; padding: 40px 16px 64px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 8px; }
h2 { font-size: 18px; line-height: 1.3; margin: 40px 0 12px; }
p { margin: 0 0 12px; }
p, figcaption { text-wrap: pretty; }
.headline { font-size: 17px; margin-bottom: 24px; }
figure, table.facts, .scroll, pre {
  margin: 0 0 16px; background: var(--card); border: 1px solid var(--line); border-radius: 8px;
}
figure, .scroll, pre { /* a shadow on the side where more is to be scrolled to */
  overflow-x: auto;
  background:
    linear-gradient(90deg, var(--card) 24px, transparent) left / 48px 100% no-repeat local,
    linear-gradient(270deg, var(--card) 24px, transparent) right / 48px 100% no-repeat local,
    linear-gradient(90deg, var(--shade), transparent) left / 14px 100% no-repeat scroll,
    linear-gradient(270deg, var(--shade), transparent) right / 14px 100% no-repeat scroll,
    var(--card);
}
figure { padding: 14px 22px; }
figure svg { display: block; width: 100%; min-width: 560px; height: auto; }
figcaption { margin-top: 6px; color: var(--faint); font-size: 13px; }
.scroll td { white-space: nowrap; }
.scroll th, .scroll td { padding: 7px 9px; }
.scroll tr > :first-child { padding-left: 16px; }
.scroll tr > :last-child { padding-right: 16px; }
.scroll tbody th { min-width: 11em; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 10px; margin: 0 0 16px; }
.pictures.large { grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); }
.pictures figure { margin: 0; padding: 10px; background: var(--card); overflow: hidden; }
.pictures img { display: block; margin: 0 auto; background: #fff; object-fit: contain; }
.pictures figcaption { font-size: 12px; line-height: 1.35; overflow-wrap: anywhere; }
.pictures b { display: block; color: var(--ink); font-weight: 600; }
table { width: 100%; border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
table.facts { border-collapse: separate; border-spacing: 0; overflow: hidden; }
caption { caption-side: bottom; text-align: left; padding: 8px 16px 12px; color: var(--faint); font-size: 13px; }
caption span { /* stays in sight where the table is scrolled */
  display: inline-block; position: sticky; left: 16px; max-width: min(756px, calc(100vw - 68px));
}
th, td { padding: 7px 16px; border-top: 1px solid var(--line); text-align: right; vertical-align: top; }
th { font-weight: 500; }
tr > :first-child, .facts td { text-align: left; }
.facts th, .facts td { overflow-wrap: anywhere; }
thead th { color: var(--faint); }
thead th, .facts tr:first-child > * { border-top: 0; }
.scroll tbody tr:last-child > * { border-bottom: 1px solid var(--line); }
.facts th { width: 15em; color: var(--faint); }
pre { padding: 14px 18px; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { font: inherit; }
@media (max-width: 600px) { .facts th { width: 7.5em; } }
@media print {
  body { background: none; font-size: 11pt; }
  main { max-width: none; padding: 0; }
  figure, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  pre { white-space: pre-wrap; }
}
`;

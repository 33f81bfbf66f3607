import { escapeXml } from './plot-svg.ts';
import { REPORT_STYLE } from './report-page-style.ts';

export interface ReportPage {
  readonly title: string;
  /** The result in a sentence or two. */
  readonly headline: string;
  readonly facts: readonly Fact[];
  readonly sections: readonly ReportSection[];
}

/** Label and value. */
export type Fact = readonly [string, string];

export interface ReportSection {
  readonly title: string;
  readonly blocks: readonly ReportBlock[];
}

export type ReportBlock =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  /** Text whose lines and spaces stay, such as JSON. */
  | { readonly kind: 'code'; readonly text: string }
  /** An SVG by plotSvg, taken as it is. */
  | { readonly kind: 'figure'; readonly svg: string; readonly caption: string }
  /** Small pictures as data URIs, with words below each; larger ones where they are to be read. */
  | {
      readonly kind: 'pictures';
      readonly pictures: readonly ShownPicture[];
      readonly size?: PictureSize;
    }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly head: readonly string[];
      /** The first cell names the row. */
      readonly rows: readonly (readonly string[])[];
    };

export const PICTURE_SIDES = { small: 96, large: 240 } as const;
export type PictureSize = keyof typeof PICTURE_SIDES;

export interface ShownPicture {
  /** Words alone without it. */
  readonly source?: string;
  /** What it shows. */
  readonly name: string;
  readonly words: string;
}

/** An HTML page that needs nothing but itself: no scripts, nothing from the network; all words are escaped. */
export function reportPage({ title, headline, facts, sections }: ReportPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeXml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${escapeXml(title)}</h1>
<p class="headline">${escapeXml(headline)}</p>
${factList(facts)}</header>
${sections.map(section).join('')}</main>
</body>
</html>
`;
}

function factList(facts: readonly Fact[]): string {
  if (facts.length === 0) return '';
  const rows = facts.map(
    ([label, value]) =>
      `<tr><th scope="row">${escapeXml(label)}</th><td>${escapeXml(value)}</td></tr>\n`,
  );
  return `<table class="facts">\n<tbody>\n${rows.join('')}</tbody>\n</table>\n`;
}

function section({ title, blocks }: ReportSection): string {
  return `<section>\n<h2>${escapeXml(title)}</h2>\n${blocks.map(block).join('')}</section>\n`;
}

function block(one: ReportBlock): string {
  switch (one.kind) {
    case 'text':
      return `<p>${escapeXml(one.text)}</p>\n`;
    case 'facts':
      return factList(one.facts);
    case 'code':
      return `<pre><code>${escapeXml(one.text)}</code></pre>\n`;
    case 'figure':
      return `<figure>\n${one.svg}\n<figcaption>${escapeXml(one.caption)}</figcaption>\n</figure>\n`;
    case 'pictures':
      return pictures(one);
    case 'table':
      return table(one);
  }
}

function pictures({
  pictures,
  size = 'small',
}: Extract<ReportBlock, { kind: 'pictures' }>): string {
  const all = pictures.map((picture) => shown(picture, PICTURE_SIDES[size]));
  return `<div class="pictures ${size}">\n${all.join('')}</div>\n`;
}

function shown({ source, name, words }: ShownPicture, side: number): string {
  const image =
    source === undefined
      ? ''
      : `<img src="${escapeXml(source)}" alt="${escapeXml(name)}" width="${side}" height="${side}" loading="lazy">\n`;
  return `<figure>
${image}<figcaption><b>${escapeXml(name)}</b> ${escapeXml(words)}</figcaption>
</figure>
`;
}

function table({ caption, head, rows }: Extract<ReportBlock, { kind: 'table' }>): string {
  const headCells = head.map((cell) => `<th scope="col">${escapeXml(cell)}</th>`).join('');
  const body = rows.map(([name = '', ...cells]) => {
    const values = cells.map((cell) => `<td>${escapeXml(cell)}</td>`).join('');
    return `<tr><th scope="row">${escapeXml(name)}</th>${values}</tr>\n`;
  });
  return `<div class="scroll">
<table>
${caption === '' ? '' : `<caption><span>${escapeXml(caption)}</span></caption>\n`}<thead>
<tr>${headCells}</tr>
</thead>
<tbody>
${body.join('')}</tbody>
</table>
</div>
`;
}

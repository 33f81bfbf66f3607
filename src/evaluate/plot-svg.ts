import type { TopLevelSpec } from 'vega-lite';
import { openVega, type VegaDraw } from './vega-draw.ts';

/** Width of every plot in pixels; pages scale it down where they are narrower. */
export const PLOT_WIDTH = 700;

const BLUE = '#0072b2';

/**
 * Six colours that colour-blind readers tell apart (Okabe and Ito, 2008), those that stand out from white and from
 * black first. Its yellow and black do not, and are left out.
 */
export const PLOT_COLOURS = [BLUE, '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];

/** Colour of plot words, as the style below finds them again. */
export const PLOT_INK = '#1f2328';

const FAINT_INK = '#59636e';
const GRID = '#e6e8eb';

/** A plot drawn in light colours looks dark where the reader's screen is, in a page and as a file of its own. */
const STYLE = `@media screen and (prefers-color-scheme: dark) {
.plot > rect { fill: #151a21 }
.plot text[fill='${PLOT_INK}'] { fill: #e6e8eb }
.plot text[fill='${FAINT_INK}'] { fill: #9aa4af }
.plot line[stroke='${GRID}'] { stroke: #2b323b }
.plot line[stroke='${FAINT_INK}'] { stroke: #78828d }
.plot [stroke='${BLUE}'] { stroke: #3b9bdb }
.plot [fill='${BLUE}'] { fill: #3b9bdb }
}`;

/**
 * Draws a Vega-Lite specification as SVG: no scripts, no fonts to load, readable by light and by dark. Vega takes 19 MB
 * and only plots need it: who installs it has plots, and a report of others says in their place what would draw them.
 *
 * @param title what the plot shows, for those who can't see it
 */
export async function plotSvg(
  title: string,
  spec: TopLevelSpec,
  load: () => Promise<VegaDraw | null> = openVega,
): Promise<string> {
  const draw = await load();
  if (draw === null) return notDrawn(title);
  const svg = await draw({ ...spec, background: 'white' }, CONFIG);
  const label = escapeXml(title);
  return shortenNumbers(svg).replace(
    /^<svg ([^>]*)class="marks"([^>]*)>/,
    (_, before, after) =>
      `<svg ${before}class="plot"${after} role="img" aria-label="${label}"><title>${label}</title><style>${STYLE}</style>`,
  );
}

const HOW = 'Plots need two packages more: npm install vega vega-lite';

/** Stands where the plot would. */
function notDrawn(title: string): string {
  const label = escapeXml(`${title}: not drawn. ${HOW}`);
  const line = (y: number, words: string, ink: string) =>
    `<text x="12" y="${y}" fill="${ink}" font-family="${escapeXml(FONT)}" font-size="13">${escapeXml(words)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="plot" width="${PLOT_WIDTH}" height="64" viewBox="0 0 ${PLOT_WIDTH} 64" role="img" aria-label="${label}"><title>${label}</title><style>${STYLE}</style><rect width="${PLOT_WIDTH}" height="64" fill="white"/>${line(28, `${title}: not drawn`, PLOT_INK)}${line(48, HOW, FAINT_INK)}</svg>`;
}

/** Begins again after the last. */
export function plotColour(index: number): string {
  return PLOT_COLOURS[index % PLOT_COLOURS.length] as string;
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

const CONFIG = {
  aria: false,
  font: FONT,
  view: { stroke: null },
  axis: {
    domainColor: FAINT_INK,
    gridColor: GRID,
    labelColor: FAINT_INK,
    labelFlush: false,
    labelFontSize: 12,
    labelLimit: 260,
    labelPadding: 6,
    tickColor: FAINT_INK,
    tickSize: 4,
    titleColor: PLOT_INK,
    titleFontSize: 12,
    titleFontWeight: 500,
    titlePadding: 10,
  },
  axisX: { grid: false },
  axisY: { domain: false, ticks: false },
  legend: { labelColor: PLOT_INK, labelFontSize: 12, labelLimit: 260, orient: 'top', title: null },
} as const;

/** Coordinates to a hundredth of a pixel: the rest is three quarters of a long line's size. */
function shortenNumbers(svg: string): string {
  return svg.replace(/ d="[^"]*"/g, (path) =>
    path.replace(/-?\d+\.\d{3,}(e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(2)))),
  );
}

export function escapeXml(text: string): string {
  const names: Record<string, string> = {
    '&': 'amp',
    '<': 'lt',
    '>': 'gt',
    '"': 'quot',
    "'": '#39',
  };
  return text.replace(/[&<>"']/g, (sign) => `&${names[sign]};`);
}

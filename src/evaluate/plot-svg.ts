import type { TopLevelSpec } from 'vega-lite';

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
 * Draws a Vega-Lite specification as SVG: no scripts, no fonts to load, readable by light and by dark.
 * Vega is imported here and not at the top, so that only those who plot wait for it.
 *
 * @param title what the plot shows, for those who can't see it
 */
export async function plotSvg(title: string, spec: TopLevelSpec): Promise<string> {
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const compiled = compile({ ...spec, background: 'white' }, { config: CONFIG }).spec;
  const view = new View(parse(compiled), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  const label = escapeXml(title);
  return shortenNumbers(svg).replace(
    /^<svg ([^>]*)class="marks"([^>]*)>/,
    (_, before, after) =>
      `<svg ${before}class="plot"${after} role="img" aria-label="${label}"><title>${label}</title><style>${STYLE}</style>`,
  );
}

/** Begins again after the last. */
export function plotColour(index: number): string {
  return PLOT_COLOURS[index % PLOT_COLOURS.length] as string;
}

const CONFIG = {
  aria: false,
  font: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
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

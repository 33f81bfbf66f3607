import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type IntervalRow, plotIntervals } from './plot-intervals.ts';

const ROWS: IntervalRow[] = [
  { group: 'two-stage', series: 'text', mean: 3.9, interval: { low: 3.8, high: 4 }, dots: [3.85] },
  { group: 'two-stage', series: 'visual', mean: 4.2, interval: { low: 4.1, high: 4.3 }, dots: [] },
  { group: 'mixed', series: 'text', mean: 3.7, interval: null, dots: [3.6, 3.8] },
  { group: 'mixed', series: 'visual', mean: 4, interval: null, dots: [] },
];

function plot(rows: readonly IntervalRow[]): Promise<string | null> {
  return plotIntervals({ title: 'Tokens per pass by arm', xTitle: 'Tokens per pass', rows });
}

async function drawn(rows: readonly IntervalRow[]): Promise<string> {
  const svg = await plot(rows);
  if (svg === null) throw new Error('Nothing was drawn.');
  return svg;
}

function words(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, word = '']) => word);
}

/** How often a mark of this kind stands in the picture. */
function count(svg: string, opacity: string): number {
  return [...svg.matchAll(new RegExp(`<(path|line) [^>]*opacity="${opacity}"`, 'g'))].length;
}

describe('plotIntervals', () => {
  it('is a picture of 700 pixels that an SVG reader draws', async () => {
    expect((await sharp(Buffer.from(await drawn(ROWS))).metadata()).width).toBe(700);
  });

  it('names groups from top to bottom in their order, and the series', async () => {
    const shown = words(await drawn(ROWS));
    expect(shown.filter((word) => ['two-stage', 'mixed'].includes(word))).toEqual([
      'two-stage',
      'mixed',
    ]);
    expect(shown).toEqual(expect.arrayContaining(['Tokens per pass', 'text', 'visual']));
  });

  it('draws an interval only where there is one', async () => {
    expect(count(await drawn(ROWS), '0.3')).toBe(2);
  });

  it('needs no legend for a single series', async () => {
    expect(words(await drawn(ROWS.filter(({ series }) => series === 'text')))).not.toContain(
      'text',
    );
  });

  it('keeps the names of six series in the picture', async () => {
    const names = ['decoupled two-stage', 'decoupled mixed', 'fused two-stage', 'fused mixed'];
    const rows = [...names, 'text only', 'pictures only'].map((series, index) => ({
      ...(ROWS[0] as IntervalRow),
      series,
      mean: index,
    }));
    const rightEdge = await sharp(Buffer.from(await drawn(rows)))
      .flatten({ background: 'white' })
      .extract({ left: 699, top: 0, width: 1, height: 100 })
      .raw()
      .toBuffer();
    expect(Math.min(...rightEdge)).toBe(255);
  });

  it('leaves out rows without a finite mean', async () => {
    const lost = { ...(ROWS[0] as IntervalRow), group: 'lost', mean: Number.NaN };
    const svg = await drawn([...ROWS, lost]);
    expect(words(svg)).not.toContain('lost');
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  it('draws nothing where there is no row', async () => {
    expect(await plot([])).toBeNull();
  });
});

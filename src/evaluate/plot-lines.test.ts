import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type LinePlot, plotLines } from './plot-lines.ts';

const numRuns = Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 10);

const PLOT: LinePlot = {
  title: 'Loss over steps',
  xTitle: 'Step',
  yTitle: 'Loss per token',
  series: [
    { name: 'text', points: line((x) => 3 / x) },
    { name: 'visual', points: line((x) => 5 / x), raw: line((x) => 6 / x) },
  ],
};

function line(y: (x: number) => number) {
  return [1, 2, 3, 4].map((x) => ({ x, y: y(x) }));
}

async function drawn(plot: Partial<LinePlot>): Promise<string> {
  const svg = await plotLines({ ...PLOT, ...plot });
  if (svg === null) throw new Error('Nothing was drawn.');
  return svg;
}

/** Words of the picture: ticks, titles, names. */
function words(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, word = '']) => word);
}

/** Colours of the lines themselves, in the order of drawing. */
function strokes(svg: string): string[] {
  return [...svg.matchAll(/<path d="M[^"]*" stroke="(#\w+)"/g)].map(([, colour = '']) => colour);
}

/** Zero instead of values so small that their quotients leave float64. */
function flush(value: number): number {
  return Math.abs(value) < 1e-100 ? 0 : value;
}

describe('plotLines', () => {
  it('is a picture of 700 pixels that an SVG reader draws', async () => {
    const picture = await sharp(Buffer.from(await drawn({}))).metadata();
    expect(picture.width).toBe(700);
  });

  it('names the axes and every line', async () => {
    expect(words(await drawn({}))).toEqual(
      expect.arrayContaining(['Step', 'Loss per token', 'text', 'visual']),
    );
  });

  it('says what it shows to those who cannot see it', async () => {
    const svg = await drawn({ title: 'Loss < $1 & "more"' });
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-label="Loss &lt; \$1 &amp; &quot;more&quot;"/);
    expect(svg).toContain('<title>Loss &lt; $1 &amp; &quot;more&quot;</title>');
  });

  it('draws each line in a colour of its own, and the raw line in that of its smooth one', async () => {
    const [first, raw, second, ...more] = strokes(await drawn({}));
    expect(first).not.toBe(second);
    expect(raw).toBe(second);
    expect(more).toEqual([]);
  });

  it('escapes names', async () => {
    const series = [{ name: '<script>alert(1)</script>', points: line((x) => x) }];
    expect(await drawn({ series })).not.toContain('<script');
  });

  it('leaves the points as they were', async () => {
    const points = line((x) => x).map((point) => Object.freeze(point));
    await drawn({ series: [{ name: 'loss', points }] });
    expect(points).toEqual(line((x) => x));
  });

  it('draws nothing where there is no finite point', async () => {
    const series = [{ name: 'lost', points: line(() => Number.NaN) }];
    expect(await plotLines({ ...PLOT, series })).toBeNull();
  });

  it('leaves values of 0 out of a logarithmic scale', async () => {
    const series = [{ name: 'loss', points: [...line((x) => x), { x: 5, y: 0 }] }];
    expect(await drawn({ series, yScale: 'log' })).toBe(
      await drawn({ series: [{ name: 'loss', points: line((x) => x) }], yScale: 'log' }),
    );
  });

  it('reaches the values that it is asked to reach', async () => {
    const ticks = words(await drawn({ yReaches: [0, 20] }));
    expect(ticks).toEqual(expect.arrayContaining(['0', '5', '10', '15', '20']));
  });

  it('writes ticks as asked, and zero as 0', async () => {
    const ticks = words(await drawn({ yReaches: [0, 10], yFormat: '.0%' }));
    expect(ticks).toEqual(expect.arrayContaining(['0', '200%', '1000%']));
    expect(ticks).not.toContain('0%');
  });

  it('has no NaN, undefined or infinity whatever the points are', async () => {
    const point = fc.record(
      { x: fc.nat(1e6), y: fc.double({ min: -1e12, max: 1e12 }).map(flush) },
      { noNullPrototype: true },
    );
    const points = fc.array(point, { minLength: 1, maxLength: 5 });
    const scale = fc.constantFrom('linear' as const, 'log' as const);
    await fc.assert(
      fc.asyncProperty(points, points, scale, async (one, other, yScale) => {
        const series = [
          { name: 'a', points: one, raw: other },
          { name: 'b', points: other },
        ];
        expect((await plotLines({ ...PLOT, series, yScale })) ?? '').not.toMatch(
          /NaN|undefined|Infinity/,
        );
      }),
      { numRuns },
    );
  });
});

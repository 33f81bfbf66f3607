import { expect, it } from 'vitest';
import { plotSvg } from './plot-svg.ts';

const SPEC = { data: { values: [{ x: 1 }] }, mark: 'point', encoding: {} } as const;

it('draws where the packages for it are installed', async () => {
  expect(await plotSvg('Loss', SPEC)).toMatch(/<title>Loss<\/title>/);
});

it('says in a plot’s place which packages would draw it', async () => {
  const svg = await plotSvg('Loss & steps', SPEC, async () => null);
  expect(svg).toMatch(/^<svg [^>]*class="plot".*<\/svg>$/s);
  expect(svg).toContain('Loss &amp; steps: not drawn');
  expect(svg).toContain('npm install vega vega-lite');
});

it('hides no other failure', async () => {
  const broken = () => Promise.reject(new Error('broken'));
  await expect(plotSvg('Loss', SPEC, broken)).rejects.toThrow('broken');
});

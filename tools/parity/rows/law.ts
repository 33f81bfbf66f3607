import { type Flaw, fitOfRejection, fitOfRounds } from '../../../src/decode/testing/law-fit.ts';
import type { Lab } from '../lab.ts';
import { type Line, least, most } from '../line.ts';

/** Fixed before anything was drawn. */
const BASES = [1_000_000, 2_000_000, 3_000_000];
const NO_CUTS = { topK: 0, topP: 1, minP: 0 };
const SETTINGS = {
  'T 0.5, top-p 0.9': { ...NO_CUTS, temperature: 0.5, topP: 0.9 },
  'T 1': { ...NO_CUTS, temperature: 1 },
  'T 1.5, top-k 4, min-p 0.1': { ...NO_CUTS, temperature: 1.5, topK: 4, minP: 0.1 },
};
/** No token is impossible here: what is caught is caught by the counts. */
const FOR_FLAWS = { ...NO_CUTS, temperature: 0.5 };

/** The law of drafted texts against the exact one, by χ², and that the comparison finds verifiers broken on purpose. */
export async function samplingLaw(lab: Lab): Promise<Line[]> {
  const draws = lab.quick ? 20_000 : 100_000;
  const bases = lab.quick ? BASES.slice(0, 1) : BASES;
  const unit = `fits of ${draws} draws`;
  const against = 'exact law of a toy model, χ²';
  const lines: Line[] = [];
  for (const [label, warpers] of Object.entries(SETTINGS)) {
    const fits = [];
    for (const base of bases) fits.push(await fitOfRounds(warpers, base, draws));
    const shares = fits.map(({ acceptedPerDraw }) => acceptedPerDraw.toFixed(2));
    lines.push({
      what: `sampling law, p, ${label}`,
      against,
      bound: least(0.001),
      worst: Math.min(...fits.map(({ p }) => p)),
      count: fits.length,
      unit,
      notes: [
        `p: ${fits.map(({ p }) => p.toFixed(4)).join(', ')}; accepted a draw: ${shares.join(', ')}`,
      ],
    });
  }
  const ofFlaw = async (flaw: Flaw) => {
    const fits = [];
    for (const base of bases) fits.push(await fitOfRejection(flaw, FOR_FLAWS, base, draws));
    return fits;
  };
  const common = { against, unit, count: bases.length };
  lines.push({
    what: 'rejection form done right, p',
    bound: least(0.001),
    worst: Math.min(...(await ofFlaw('none'))),
    ...common,
  });
  for (const flaw of ['bonus from raw logits', 'residual not normalised'] as const) {
    lines.push({
      what: `broken on purpose, p: ${flaw}`,
      bound: most(1e-6),
      worst: Math.max(...(await ofFlaw(flaw))),
      ...common,
    });
  }
  return lines;
}

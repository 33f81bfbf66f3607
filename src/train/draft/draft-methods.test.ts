import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../contracts/errors.ts';
import { draftConfigSchema } from './draft-config.ts';
import { settle } from './draft-methods.ts';

const parse = (settings: object) =>
  draftConfigSchema.parse({ data: { train: ['made.json'] }, ...settings });

describe('settings of a draft’s training', () => {
  it('have the defaults of the method where nothing is said', () => {
    const msd = settle(parse({}), 10_000);
    expect(msd.objective).toEqual({
      featureWeight: 1,
      tokenWeight: 0.1,
      depths: 1,
      depthDecay: 0.8,
    });
    expect(msd.optimiser).toMatchObject({ rate: 5e-5, clip: 0.5, warmup: 25 });
    expect(msd.noise).toEqual({ amplitude: 0.2, length: 512 });
    const block = settle(parse({ draft: { method: 'block', slots: 6 } }), 10_000);
    expect(block.draft).toMatchObject({ layers: 2, slots: 6, rank: 64, fusion: 'decoupled' });
    expect(block.optimiser).toMatchObject({ rate: 6e-4, clip: 1, warmup: 400 });
    expect(block.noise).toEqual({ amplitude: 0.2, length: 0 });
    expect(block.validation.tree).toBe(8);
  });

  it('are what is said', () => {
    const said = { optimiser: { rate: 1e-3, warmup: 0 }, validation: { decode: 3 } };
    const block = settle(parse({ draft: { method: 'block' }, ...said }), 100);
    expect(block.optimiser).toMatchObject({ rate: 1e-3, warmup: 0, clip: 1 });
    expect(block.validation).toMatchObject({ decode: 3, decodeAtEnd: 32 });
  });

  it('are refused where they belong to another method, by their key', () => {
    const anchors = parse({ objective: { anchors: 6 } });
    expect(() => settle(anchors, 10)).toThrow(ConfigError);
    expect(() => settle(anchors, 10)).toThrow(/objective\.anchors.*draft\.method=block/);
    const depths = parse({ draft: { method: 'block' }, objective: { depths: 3 } });
    expect(() => settle(depths, 10)).toThrow(/objective\.depths.*draft\.method=msd/);
  });
});

import { expect, it } from 'vitest';
import { describeRun, runHash } from './provenance.ts';
import { PROVENANCE } from './testing/run-fixtures.ts';

it('a run is described by what it was given and what it runs on', () => {
  const given = { config: { a: 1 }, data: {}, seed: 3, command: 'msd train draft', threads: 2 };
  const { threads, ...rest } = given;
  expect(describeRun(given, new Date(0))).toEqual({
    ...rest,
    versions: {
      msd: expect.stringMatching(/^\d+\.\d+/),
      node: process.versions.node,
      onnxruntime: expect.stringMatching(/^\d+\.\d+/),
    },
    machine: {
      cpu: expect.any(String),
      cores: expect.any(Number),
      platform: expect.any(String),
      threads,
    },
    started: '1970-01-01T00:00:00.000Z',
  });
});

it('a run’s hash follows its config, data and seed, not their order', () => {
  const hash = (change: object) => runHash({ ...PROVENANCE, ...change });
  expect(hash({ config: { a: { b: 1 }, c: 2 } })).toBe(hash({ config: { c: 2, a: { b: 1 } } }));
  expect(hash({ command: 'other' })).toBe(hash({}));
  const hashes = [{}, { seed: 2 }, { data: {} }, { config: {} }, { config: { a: [1, 2] } }].map(
    hash,
  );
  expect(new Set(hashes).size).toBe(5);
});

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import {
  DiskFullError,
  RunFolderError,
  RunLockedError,
  RunMismatchError,
  TrainingDivergedError,
} from '../../contracts/errors.ts';
import { readMetrics } from './metrics.ts';
import { openRun, type RunOptions } from './open-run.ts';
import type { Provenance } from './provenance.ts';
import {
  options,
  PROVENANCE,
  smallDisk,
  stateAt,
  stepRecord,
  validationRecord,
} from './testing/run-fixtures.ts';

const open = (dir: string, provenance: Provenance = PROVENANCE, given: Partial<RunOptions> = {}) =>
  openRun(dir, provenance, options(given));

/** A folder in which `steps` steps were done, with a checkpoint after each of `saved`. */
async function trained(steps: number, saved: readonly number[]): Promise<string> {
  const dir = join(tempFolder(), 'run');
  const run = await open(dir);
  for (let step = 1; step <= steps; step++) {
    await run.append(stepRecord(step));
    if (saved.includes(step)) await run.save(stateAt(step));
  }
  await run.close();
  return dir;
}

const stepsOf = async (dir: string) => (await readMetrics(dir)).map(({ step }) => step);
const withConfig = (config: object): Provenance => ({
  ...PROVENANCE,
  config: { ...Object(PROVENANCE.config), ...config },
});

describe('a run', () => {
  it('begins without a state and with nothing but its description', async () => {
    const dir = join(tempFolder(), 'deep/run');
    const run = await open(dir);
    expect(run).toMatchObject({ dir, resumeFrom: undefined, lastGood: undefined, best: undefined });
    await run.close();
    expect(readdirSync(dir)).toEqual(['provenance.json']);
  });

  it('goes on from its last checkpoint, without the records after it', async () => {
    const dir = await trained(8, [3, 6]);
    const run = await open(dir);
    expect(run.resumeFrom).toEqual(stateAt(6));
    expect(run.lastGood).toBe(join(dir, 'checkpoints/step-000006'));
    await run.append(stepRecord(7));
    await run.close();
    expect(await stepsOf(dir)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('begins anew where it has no checkpoint, without its records', async () => {
    const dir = await trained(2, []);
    const run = await open(dir);
    expect(run.resumeFrom).toBeUndefined();
    await run.close();
    expect(await stepsOf(dir)).toEqual([]);
  });

  it('drops a record that was cut short', async () => {
    const dir = await trained(3, [3]);
    const path = join(dir, 'metrics.jsonl');
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, `${whole}{"kind":"step","st`);
    expect(await stepsOf(dir)).toEqual([1, 2, 3]);
    await (await open(dir)).close();
    expect(readFileSync(path, 'utf8')).toBe(whole);
  });

  it('does not go on over a record that is damaged', async () => {
    const dir = await trained(3, [3]);
    const path = join(dir, 'metrics.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"step":2', '"step":'));
    await expect(open(dir)).rejects.toThrow(/metrics\.jsonl: line 2 is no record/);
    await expect(readMetrics(dir)).rejects.toBeInstanceOf(RunFolderError);
  });

  it('sweeps what a killed process left half-written, and nothing else', async () => {
    const dir = await trained(3, [3]);
    for (const left of ['metrics.jsonl.a1B2c3', 'checkpoints/partial-new-step-000006']) {
      mkdirSync(join(dir, left));
      writeFileSync(join(dir, left, 'x'), 'half');
    }
    writeFileSync(join(dir, 'run.lock.f00'), '');
    writeFileSync(join(dir, 'notes.txt'), 'mine');
    await (await open(dir)).close();
    expect(readdirSync(dir).sort()).toEqual([
      'checkpoints',
      'metrics.jsonl',
      'notes.txt',
      'provenance.json',
    ]);
    expect(readdirSync(join(dir, 'checkpoints'))).toEqual(['step-000003']);
  });

  it('writes down when and how it was started, each time', async () => {
    const dir = await trained(4, [3]);
    await (await open(dir, { ...PROVENANCE, command: 'again' })).close();
    const { sessions } = JSON.parse(readFileSync(join(dir, 'provenance.json'), 'utf8'));
    expect(sessions).toEqual([
      { fromStep: 0, ...PROVENANCE },
      { fromStep: 3, ...PROVENANCE, command: 'again' },
    ]);
  });

  it('takes no record of a step that is saved already', async () => {
    const run = await open(join(tempFolder(), 'run'));
    await run.append(stepRecord(1));
    await run.save(stateAt(1));
    await expect(run.append(validationRecord(1, 0.5))).rejects.toThrow(RangeError);
    await run.close();
  });
});

describe('a run goes on only as it began', () => {
  it.each<[string, Provenance, string[]]>([
    ['another value', withConfig({ optimiser: { rate: 1 } }), ['config.optimiser.rate']],
    ['another list', withConfig({ files: ['b.json'] }), ['config.files']],
    ['one more key', withConfig({ noise: 1 }), ['config.noise']],
    ['other data', { ...PROVENANCE, data: { 'a.json': 'beef' } }, ['data.a.json']],
    ['another file', { ...PROVENANCE, data: { b: 'c0ffee' } }, ['data.a.json', 'data.b']],
    ['another seed', { ...PROVENANCE, seed: 2 }, ['seed']],
    [
      'more threads',
      { ...PROVENANCE, machine: { ...PROVENANCE.machine, threads: 4 } },
      ['machine.threads'],
    ],
    [
      'another runtime',
      { ...PROVENANCE, versions: { ...PROVENANCE.versions, onnxruntime: '2' } },
      ['versions.onnxruntime'],
    ],
  ])('not with %s', async (_, provenance, keys) => {
    const dir = await trained(3, [3]);
    const error = await open(dir, provenance).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(RunMismatchError);
    expect(error).toMatchObject({ dir, keys });
    await (await open(dir, provenance, { mayChange: keys })).close();
  });

  it('says what it was and what it is', async () => {
    const dir = await trained(1, [1]);
    await expect(
      open(dir, withConfig({ optimiser: { rate: 1 }, files: undefined })),
    ).rejects.toThrow(
      `${dir}: this run began with another config.optimiser.rate (was 0.001, is 1), config.files (was ["a.json"], is absent); give it the same again, or choose a new folder.`,
    );
  });

  it('but with another interval of checkpoints, command or time', async () => {
    const dir = await trained(3, [3]);
    const other = { ...withConfig({ checkpointEvery: 1 }), command: 'x', started: 'later' };
    const run = await open(dir, other);
    expect(run.resumeFrom?.step).toBe(3);
    await run.append(stepRecord(4));
    await run.save(stateAt(4));
    await run.close();
    expect((await open(dir, other)).resumeFrom?.step).toBe(4);
  });

  it('against the settings of the last start, once a change was let through', async () => {
    const dir = await trained(3, [3]);
    const changed = { ...PROVENANCE, seed: 2 };
    await (await open(dir, changed, { mayChange: ['seed'] })).close();
    await (await open(dir, changed)).close();
    await expect(open(dir)).rejects.toBeInstanceOf(RunMismatchError);
  });
});

describe('a run’s folder is refused', () => {
  it('while the run is open', async () => {
    const dir = join(tempFolder(), 'run');
    const run = await open(dir);
    await expect(open(dir)).rejects.toBeInstanceOf(RunLockedError);
    await run.close();
    await (await open(dir)).close();
  });

  it('where it holds something else, which stays', async () => {
    const dir = tempFolder();
    writeFileSync(join(dir, 'thesis.txt'), 'mine');
    await expect(open(dir)).rejects.toThrow(/holds thesis\.txt but no provenance\.json/);
    expect(readdirSync(dir)).toEqual(['thesis.txt']);
  });

  it('where a file stands in its place', async () => {
    const path = join(tempFolder(), 'file');
    writeFileSync(path, '');
    await expect(open(path)).rejects.toBeInstanceOf(RunFolderError);
    await expect(open(join(path, 'run'))).rejects.toBeInstanceOf(RunFolderError);
  });

  it.each(['', '{', '{"format":2}', '[]'])('where its description is %j', async (text) => {
    const dir = await trained(1, [1]);
    writeFileSync(join(dir, 'provenance.json'), text);
    await expect(open(dir)).rejects.toThrow(/provenance\.json: this does not describe a run/);
    expect(readdirSync(dir)).not.toContain('run.lock');
  });
});

describe('a checkpoint that is damaged', () => {
  const damages: [string, (path: string) => void][] = [
    ['its tensors are gone', (path) => rmSync(join(path, 'state.safetensors'))],
    ['its state is gone', (path) => rmSync(join(path, 'state.json'))],
    ['its state is cut short', (path) => writeFileSync(join(path, 'state.json'), '{"format":1')],
    [
      'a bit of its tensors is flipped',
      (path) => {
        const file = join(path, 'state.safetensors');
        const bytes = readFileSync(file);
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        writeFileSync(file, bytes);
      },
    ],
    [
      'it is of another run',
      (path) => {
        const file = join(path, 'state.json');
        const state = JSON.parse(readFileSync(file, 'utf8'));
        writeFileSync(file, JSON.stringify({ ...state, run: 'other' }));
      },
    ],
  ];

  it.each(damages)('is passed over, aloud, and made again: %s', async (_, damage) => {
    const dir = await trained(6, [3, 6]);
    const latest = join(dir, 'checkpoints/step-000006');
    damage(latest);
    const warnings: string[] = [];
    const run = await open(dir, PROVENANCE, { onWarning: (message) => warnings.push(message) });
    expect(run.resumeFrom).toEqual(stateAt(3));
    expect(warnings).toEqual([expect.stringContaining(latest)]);
    for (const step of [4, 5, 6]) await run.append(stepRecord(step));
    await run.save(stateAt(6));
    await run.close();
    expect((await open(dir)).resumeFrom).toEqual(stateAt(6));
    expect(await stepsOf(dir)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('a full disk', () => {
  it('leaves the checkpoint before and nothing of the new one, and says so', async () => {
    const dir = await trained(3, [3]);
    const lastGood = join(dir, 'checkpoints/step-000003');
    const run = await open(dir, PROVENANCE, { disk: smallDisk(20) });
    const error = await run.save(stateAt(6)).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(DiskFullError);
    const path = join(dir, 'checkpoints/step-000006/state.safetensors');
    expect(error).toMatchObject({ path, lastGood, neededBytes: expect.any(Number) });
    expect((error as DiskFullError).neededBytes).toBeGreaterThan(20);
    expect((error as DiskFullError).message).toContain(lastGood);
    expect(readdirSync(join(dir, 'checkpoints'))).toEqual(['step-000003']);
    await run.close();
    expect((await open(dir)).resumeFrom).toEqual(stateAt(3));
  });

  it('leaves the records before and nothing of the new one', async () => {
    const dir = join(tempFolder(), 'run');
    const [bytes, both] = [[1], [1, 2]].map((steps) =>
      steps.reduce((sum, step) => sum + JSON.stringify(stepRecord(step)).length + 1, 0),
    ) as [number, number];
    const run = await open(dir, PROVENANCE, { disk: smallDisk(bytes + 10) });
    await run.append(stepRecord(1));
    await expect(run.append(stepRecord(2))).rejects.toMatchObject({
      name: 'DiskFullError',
      path: join(dir, 'metrics.jsonl'),
      neededBytes: both,
    });
    await run.close();
    expect(readFileSync(join(dir, 'metrics.jsonl')).length).toBe(bytes);
  });
});

describe('a state that is not finite', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])('is not saved: %s', async (value) => {
    const dir = await trained(3, [3]);
    const run = await open(dir);
    const tensors = new Map([['moment', { shape: [2], data: Float32Array.of(1, value) }]]);
    const error = await run.save({ ...stateAt(6), tensors }).catch((error: unknown) => error);
    await run.close();
    expect(error).toBeInstanceOf(TrainingDivergedError);
    expect(error).toMatchObject({ step: 6, lastGood: join(dir, 'checkpoints/step-000003') });
    expect((error as Error).message).toContain('moment holds NaN or infinity');
    expect(readdirSync(join(dir, 'checkpoints'))).toEqual(['step-000003']);
  });
});

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copyOf, TINY_TARGET, tempFolder } from '../../checkpoint/testing/folders.ts';
import { startMsd } from '../testing/run-msd.ts';

const NO_SETTINGS = { MSD_MODEL: '', MSD_DRAFT: '' };

it('finds that msd works here', async () => {
  const { child, outcome } = startMsd(['doctor'], NO_SETTINGS);
  child.stdin.end();
  const { stdout, stderr } = await outcome;
  expect(stderr, 'nothing that libraries write').toBe('');
  expect(stdout).toMatch(/^ok +node +20|^ok +node +\d\d/m);
  expect(stdout).toMatch(/^ok +onnxruntime-node +1\.\d+\.\d+, with cpu/m);
  expect(stdout).toMatch(
    /^ok +device cpu .* in \d+ passes instead of \d+: ".+", as plain decoding says$/m,
  );
  expect(stdout).toMatch(/^(ok|warn) +device webgpu /m);
  expect(stdout).toMatch(/^ok +cost cache /m);
  expect(stdout).toMatch(/^ok +settings +none \(no file /m);
  expect(stdout).not.toMatch(/^fail/m);
});

it('fails where nothing can be kept, what the model converts to neither, and says so in JSON', async () => {
  const nowhere = { XDG_CACHE_HOME: '/dev/null' };
  const { child, outcome } = startMsd(['doctor', '--json'], nowhere);
  child.stdin.end();
  const { code, stdout } = await outcome;
  const { ok, checks } = JSON.parse(stdout);
  expect(checks).toContainEqual(expect.objectContaining({ name: 'cost cache', status: 'warn' }));
  const detail = expect.stringMatching(
    /^\/dev\/null\/msd-ts\/weights: .* set MSD_CACHE to a folder/,
  );
  expect(checks).toContainEqual(
    expect.objectContaining({ name: 'device cpu', status: 'fail', detail }),
  );
  expect(ok).toBe(false);
  expect(code).toBe(1);
});

it('names converted weights of an older format, which one command frees', async () => {
  const env = { MSD_CACHE: tempFolder(), MSD_CONFIG: '' };
  const msd = async (...args: string[]) => {
    const { child, outcome } = startMsd(args, env);
    child.stdin.end();
    const { code, stdout, stderr } = await outcome;
    expect(code, stderr).toBe(0);
    return stdout;
  };
  const model = copyOf(TINY_TARGET);
  await msd('run', '--model', model, '--precision', 'w8a8', '--max-tokens', '1', 'Hello');
  expect(await msd('doctor')).toMatch(/^ok +conversions +\d.*, all of use$/m);
  const weights = join(env.MSD_CACHE, 'weights');
  const records = readdirSync(weights).filter((name) => name.endsWith('.json'));
  const textOf = (name: string) => readFileSync(join(weights, name), 'utf8');
  const record = records.find((name) => textOf(name).includes(model)) ?? ''; // another is doctor's own
  const old = JSON.parse(textOf(record));
  writeFileSync(
    join(weights, record),
    JSON.stringify({ ...old, form: { ...old.form, version: 0 } }),
  );
  expect(await msd('doctor')).toMatch(
    /^warn +conversions +\S+ \S+ of \S+ \S+ are of no use: 1 of a format that this version does not read$/m,
  );
  await msd('rm', '--stale', '--yes');
  expect(readdirSync(weights)).not.toContain(record);
  expect(await msd('doctor')).toMatch(/^ok +conversions +\d.*, all of use$/m);
});

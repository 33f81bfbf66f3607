import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copyOf, TINY_TARGET, tempFolder } from '../../checkpoint/testing/folders.ts';
import { cacheFolder, commitOf } from '../../hub/testing/cache-folder.ts';
import { startMsd } from '../testing/run-msd.ts';

/** msd with caches of its own, and a way to let it convert a model. */
function start() {
  const { cache, put } = cacheFolder();
  const env = { HF_HUB_CACHE: cache, XDG_CACHE_HOME: tempFolder() };
  const msd = (...args: readonly string[]) => {
    const { child, outcome } = startMsd(args, env);
    child.stdin.end();
    return outcome;
  };
  const listed = async () => JSON.parse((await msd('list', '--json')).stdout);
  const convert = async (model: string) => {
    const flags = ['--model', model, '--precision', 'w8a8', '--max-tokens', '1'];
    const { code, stderr } = await msd('run', ...flags, 'Hello');
    expect(code, stderr).toBe(0);
  };
  return { cache, put, msd, listed, convert };
}

it('what was converted is listed with its model, and goes with it', async () => {
  const { cache, put, msd, listed, convert } = start();
  const names = readdirSync(TINY_TARGET);
  const files = names.map((name) => [name, readFileSync(join(TINY_TARGET, name))] as const);
  const folder = put('models--owner--tiny', commitOf('a'), Object.fromEntries(files), ['main']);
  await convert('owner/tiny');
  const { converted } = await listed();
  const model = 'owner/tiny@aaaaaaaaaaaa';
  expect(converted).toMatchObject([{ of: [{ model, folder, state: 'there' }], state: 'there' }]);
  expect((await msd('list')).stdout).toMatch(
    /^owner\/tiny@aaaaaaaaaaaa +w8a8 +there +\d\.\d MiB +\d{4}-\d\d-\d\d +\//m,
  );
  expect(await msd('rm', 'owner/tiny', '--yes')).toMatchObject({ code: 0 });
  expect(await listed()).toMatchObject({ models: [], converted: [] });
  expect(existsSync(converted[0].path)).toBe(false);
  expect(existsSync(join(cache, 'models--owner--tiny'))).toBe(false);
});

it('what was converted goes by name after the model has gone', async () => {
  const { cache, put, msd, listed, convert } = start();
  const names = readdirSync(TINY_TARGET);
  const files = names.map((name) => [name, readFileSync(join(TINY_TARGET, name))] as const);
  put('models--owner--tiny', commitOf('a'), Object.fromEntries(files), ['main']);
  await convert('owner/tiny');
  rmSync(join(cache, 'models--owner--tiny'), { recursive: true });
  expect(await msd('rm', 'owner/tiny', '--yes')).toMatchObject({ code: 0 });
  expect((await listed()).converted).toEqual([]);
});

it('of a folder goes what was converted, and the folder stays', async () => {
  const { msd, listed, convert } = start();
  const folder = copyOf(TINY_TARGET);
  await convert(folder);
  expect((await msd('rm', folder)).stderr).toMatch(/^error: --yes must be given/m);
  const { code, stderr } = await msd('rm', folder, '--yes');
  expect(code, stderr).toBe(0);
  expect((await listed()).converted).toEqual([]);
  expect(existsSync(join(folder, 'model.safetensors'))).toBe(true);
  const again = await msd('rm', folder, '--yes');
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('nothing was converted from it');
});

it('what was converted from a folder that is gone is shown, and goes as stale', async () => {
  const { msd, listed, convert } = start();
  const folder = copyOf(TINY_TARGET);
  await convert(folder);
  expect((await msd('rm', '--stale', '--yes')).stderr).toBe('nothing is stale\n');
  rmSync(folder, { recursive: true });
  const { stdout } = await msd('list');
  expect(stdout).toContain(`${folder}  w8a8  gone`);
  expect(stdout).toMatch(/^msd rm --stale frees \d\.\d MiB/m);
  expect((await msd('rm', '--stale', '--yes')).code).toBe(0);
  expect((await listed()).converted).toEqual([]);
});

it.each([[['rm']], [['rm', 'owner/tiny', '--stale']]])('%j is called wrongly', async (args) => {
  const { code, stderr } = await start().msd(...args);
  expect(code).toBe(2);
  expect(stderr).toContain('give a MODEL or --stale');
});

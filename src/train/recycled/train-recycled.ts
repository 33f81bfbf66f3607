import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { counted } from '../../contracts/counted.ts';
import type { Names } from '../../contracts/drafter.ts';
import { OptionError } from '../../contracts/errors.ts';
import { RECYCLED_FILE, tableArrays } from '../../draft/recycle/recycled-file.ts';
import { createRecycledTable, type RecycledTable } from '../../draft/recycle/recycled-table.ts';
import { createRecycledTokens } from '../../draft/recycle/recycled-tokens.ts';
import { fileExists } from '../../files/json-file.ts';
import { tokenizerIdentity } from '../../input/tokenizer-identity.ts';
import { writeSafetensors } from '../../safetensors/write-safetensors.ts';
import {
  type ByKind,
  type Material,
  type ReadDialogue,
  readMaterial,
} from '../data/read-material.ts';
import { openFeatureCache } from '../features/feature-cache.ts';
import { openTeacher } from '../open-teacher.ts';
import { countEndings } from './count-endings.ts';
import { type ReadReply, tokensPerPass } from './foretell.ts';
import { createLikelySource, repliesIn } from './likely-source.ts';
import { namesOf } from './names-of.ts';
import { pruneEndings } from './prune-endings.ts';
import type { RecycledTraining } from './recycled-config.ts';

/** What making a table tells as it goes. */
export interface TableHooks {
  readonly tell: (message: string) => void;
  /** After each dialogue. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Tokens a pass. */
interface Foretold {
  /** Answer after answer, as a loaded model gives them. */
  readonly all: number;
  /** Each as a model's first. */
  readonly first: number;
}

/** What was made. */
export interface MadeTable {
  readonly path: string;
  readonly dialogues: number;
  /** What comes of a pass of eight rows with the table and without, in dialogues that it was not made of. */
  readonly heldOut: {
    readonly dialogues: number;
    readonly withTable: Foretold;
    readonly without: Foretold;
  };
  /** Dialogues that the target read; of the others a harvest or an earlier run had kept what it held likely. */
  readonly read: number;
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
  const { host, model } = await openTeacher(config);
  try {
    const material = await readMaterial(config.data, model, 0);
    tell(leftOut(material));
    const [training, heldOut] = [dialoguesOf(material.training), dialoguesOf(material.validation)];
    const parts = `${path}.parts`;
    const cache = await openFeatureCache({
      folder: config.cache.dir ?? parts,
      limitBytes: config.cache.gigabytes * GIB,
      now: host.now,
      onWarning: tell,
    });
    const source = createLikelySource(model, host.decodeImage, cache);
    const { imageTokenId } = model.files.config;
    const counts = countEndings(imageTokenId);
    const replies: ReadReply[] = [];
    let tokens = 0;
    for (const [at, { tokens: dialogue, dialogue: read }] of [...training, ...heldOut].entries()) {
      onProgress(at, training.length + heldOut.length);
      const likely = await source.read(dialogue);
      const named = await namesOf(model, host.decodeImage, read);
      if (at >= training.length) {
        replies.push({ dialogue, likely, named: named.at(-1) as Names });
        continue;
      }
      const places = repliesIn(dialogue);
      counts.add(dialogue.ids, places, likely, named);
      tokens += places.length;
    }
    const { vocabSize } = model.tokenizer;
    const endings = pruneEndings(counts.all, vocabSize, config.table.megabytes * MEGABYTE);
    const { arrays, metadata } = tableArrays(endings, {
      tokenizer: await tokenizerIdentity(model.tokenizer),
      vocabSize,
      model: basename(model.info.model),
      seen: tokens,
    });
    await writeSafetensors(path, arrays, metadata);
    if (config.cache.dir === undefined) await rm(parts, { recursive: true, force: true });
    const foretold = (table: RecycledTable | null): Foretold => {
      const memory = createRecycledTokens(table);
      return {
        all: tokensPerPass(replies, () => memory, imageTokenId),
        first: tokensPerPass(replies, () => createRecycledTokens(table), imageTokenId),
      };
    };
    const table = createRecycledTable(endings);
    return {
      path,
      dialogues: training.length,
      read: source.counts.computed,
      tokens,
      endings: { seen: counts.all.size, written: table.endings },
      heldOut: {
        dialogues: heldOut.length,
        withTable: foretold(table),
        without: foretold(null),
      },
    };
  } finally {
    await model.dispose();
  }
}

const dialoguesOf = ({ text, visual }: ByKind): ReadDialogue[] => [...text, ...visual];

/** Nothing where nothing was. */
const leftOut = ({ problems, tooLong }: Material): string =>
  problems.length + tooLong.length === 0
    ? ''
    : `left out: ${counted(problems.length, 'broken dialogue')}, ${tooLong.length} too long`;

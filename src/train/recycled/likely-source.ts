import { createHash } from 'node:crypto';
import type { DecodeImage } from '../../contracts/image.ts';
import type { Likely } from '../../contracts/target.ts';
import { WIDTH } from '../../draft/recycle/law.ts';
import type { TokenisedDialogue } from '../data/dialogue.ts';
import type { FeatureCache } from '../features/feature-cache.ts';
import { topLogitsKey } from '../features/feature-key.ts';
import {
  identify,
  readChunks,
  type TeachingModel,
  withPictures,
} from '../features/teaching-prompt.ts';
import { packLikely, TOP_COUNT, TOP_LOGITS, unpackLikely } from '../features/top-logits.ts';

/** What the target held likely in dialogues. */
export interface LikelySource {
  /** Behind each token of the replies, in order. */
  read(dialogue: TokenisedDialogue): Promise<Likely>;
  /** Dialogues that were read so far, and those of which a harvest or an earlier run had kept it. */
  readonly counts: { computed: number; kept: number };
}

/** Rows of a pass at most: each gives logits of the whole vocabulary. */
const MOST_ROWS = 128;

export function createLikelySource(
  model: TeachingModel,
  decodeImage: DecodeImage,
  cache: FeatureCache,
): LikelySource {
  const counts = { computed: 0, kept: 0 };
  const each = Math.min(WIDTH, model.target.vocabSize);
  const compute = async (dialogue: TokenisedDialogue, digests: readonly string[]) => {
    const prompt = await withPictures(model, decodeImage, dialogue, digests);
    const rows: Uint16Array[] = [];
    await readChunks(model, prompt, {
      most: MOST_ROWS,
      headsOf: (from, count) => headsOf(dialogue, from, count),
      onPass({ likely, rows: { count } }, from) {
        if (likely === undefined) throw new TypeError('The target tells no likely tokens.');
        const replies = repliesIn(dialogue, from, count).length;
        for (let at = 0; at < replies; at++) rows.push(packLikely(rowOf(likely, at, each)));
      },
    });
    const all = new Uint16Array(3 * each * rows.length);
    for (const [at, row] of rows.entries()) all.set(row, at * row.length);
    return all;
  };
  return {
    counts,
    async read(dialogue) {
      const { key, digests } = await identify(model, dialogue);
      const replies = repliesIn(dialogue).length;
      // A harvest keeps the row before an answer too.
      const harvested = cache.get(topLogitsKey(key), (replies + 1) * TOP_LOGITS);
      if (harvested !== undefined) {
        counts.kept++;
        return unpackLikely(harvested.subarray(TOP_LOGITS), TOP_COUNT);
      }
      const own = likelyKey(key);
      const known = cache.get(own, 3 * each * replies);
      if (known !== undefined) counts.kept++;
      else counts.computed++;
      const packed = known ?? (await compute(dialogue, digests));
      if (known === undefined) await cache.put(own, packed);
      return unpackLikely(packed, each);
    },
  };
}

const likelyKey = (key: string): string =>
  createHash('sha256').update(`likely tokens of ${key}`).digest('hex');

/** Tokens of the replies among some rows, counted from the first of these; by default of all. */
export function repliesIn(
  { reply }: Pick<TokenisedDialogue, 'reply'>,
  from = 0,
  count = reply.length,
): Int32Array {
  const marked = reply.subarray(from, from + count);
  return Int32Array.from(marked.keys()).filter((at) => marked[at] === 1);
}

/** A pass wants one row at least. */
function headsOf(dialogue: TokenisedDialogue, from: number, count: number): Int32Array {
  const replies = repliesIn(dialogue, from, count);
  return replies.length > 0 ? replies : Int32Array.of(count - 1);
}

const rowOf = ({ ids, logits, each }: Likely, row: number, most: number) => ({
  ids: ids.subarray(row * each, row * each + most),
  logits: logits.subarray(row * each, row * each + most),
});

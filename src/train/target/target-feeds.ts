import { floatTensor, intTensor, type Tensor } from '../../contracts/session.ts';
import { consecutive } from '../../model/consecutive.ts';
import type { TokenisedDialogue } from '../data/dialogue.ts';
import type { Group } from '../network/groups.ts';

/** A dialogue as the target learns it: row p reads token p and is judged by token p + 1. The last token has no row. */
export interface TargetExample extends Pick<TokenisedDialogue, 'ids' | 'reply' | 'spans'> {
  /** Pixels of each of its pictures [3, S, S]. */
  readonly pixels: readonly Float32Array[];
}

/** Rows whose next token belongs to a reply. */
export function taughtRows({ reply }: Pick<TargetExample, 'reply'>): number[] {
  const rows: number[] = [];
  for (let p = 0; p + 1 < reply.length; p++) if (reply[p + 1] === 1) rows.push(p);
  return rows;
}

/** Feeds of `buildTargetLoss` for the members of a group, but for those of `batchInputs` and `share`. */
export function targetFeeds(
  examples: readonly TargetExample[],
  { members, length }: Group,
  imageSize: number,
): Record<string, Tensor> {
  const r = members.length * length;
  const ids = new Int32Array(r);
  const order = consecutive(r);
  const heads: number[] = [];
  const labels: number[] = [];
  const pixels: Float32Array[] = [];
  let seen = 0; // visual embeddings before the next picture's
  for (const [place, member] of members.entries()) {
    const example = examples[member] as TargetExample;
    const first = place * length;
    ids.set(example.ids.subarray(0, -1), first);
    for (const span of example.spans) {
      for (let i = 0; i < span.length; i++) {
        const row = first + span.start + i;
        ids[row] = 0; // a placeholder may lie beyond the table
        order[row] = r + seen++;
      }
    }
    pixels.push(...example.pixels);
    for (const p of taughtRows(example)) {
      heads.push(first + p);
      labels.push(example.ids[p + 1] as number);
    }
  }
  return {
    ids: intTensor(ids),
    heads: intTensor(Int32Array.from(heads)),
    labels: intTensor(Int32Array.from(labels)),
    ...(pixels.length > 0 && {
      order: intTensor(order),
      pixels: floatTensor(joined(pixels), [pixels.length, 3, imageSize, imageSize]),
    }),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

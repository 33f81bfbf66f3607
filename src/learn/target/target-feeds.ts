import type { PictureSpan } from '../../contracts/messages.ts';
import { type Feeds, intTensor } from '../../contracts/session.ts';
import { consecutive } from '../../model/consecutive.ts';
import type { Group } from '../groups.ts';
import type { MarkedText } from '../marked-text.ts';

/** A dialogue as the target learns it: row p reads token p and is judged by token p + 1. The last token has no row. */
export interface TargetExample extends MarkedText {
  /** Where its pictures' embeddings stand, in order. */
  readonly spans: readonly PictureSpan[];
  /** What the tower is fed of each of its pictures. */
  readonly pictures: readonly Feeds[];
}

/** Rows whose next token belongs to a reply. */
export function taughtRows({ reply }: Pick<MarkedText, 'reply'>): number[] {
  const rows: number[] = [];
  for (let p = 0; p + 1 < reply.length; p++) if (reply[p + 1] === 1) rows.push(p);
  return rows;
}

/** Feeds of `buildTargetLoss` for the members of a group, but for those of `batchInputs`, `visual` and `share`. */
export function targetFeeds(examples: readonly TargetExample[], { members, length }: Group): Feeds {
  const r = members.length * length;
  const ids = new Int32Array(r);
  const order = consecutive(r);
  const heads: number[] = [];
  const labels: number[] = [];
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
    for (const p of taughtRows(example)) {
      heads.push(first + p);
      labels.push(example.ids[p + 1] as number);
    }
  }
  return {
    ids: intTensor(ids),
    heads: intTensor(Int32Array.from(heads)),
    labels: intTensor(Int32Array.from(labels)),
    ...(seen > 0 && { order: intTensor(order) }),
  };
}

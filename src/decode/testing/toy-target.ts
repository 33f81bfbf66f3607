import type { Forward, Likely, RowsRef, Sequence, Step, Target } from '../../contracts/target.ts';
import { joinFloats } from '../../model/join-rows.ts';
import { mostLikely } from '../probabilities.ts';
import type { ToyLanguage } from './toy-language.ts';

/**
 * A target that speaks a toy language, with the whole contract and no network: rows see the committed tokens and their
 * own ancestors, only committed rows last, those of a pass until the sequence's next one, and a row's feature is its token, so that
 * a reader can tell what it was given.
 */
export function toyTarget(language: ToyLanguage, contextLength = 4096): Target {
  const texts = new Map<Sequence, number[]>();
  const steps = new WeakMap<RowsRef, Step>();
  const newest = new WeakMap<Sequence, Forward>();
  /** All tokens, the likeliest first, by the logits that the language gives again for the same context. */
  const orders = new WeakMap<Float32Array, number[]>();
  const orderOf = (row: Float32Array): number[] => {
    const known = orders.get(row) ?? likeliestFirst(row);
    orders.set(row, known);
    return known;
  };

  const open = (text: number[] = []): Sequence => {
    const sequence: Sequence = {
      get length() {
        return text.length;
      },
      get nextPosition() {
        return text.length;
      },
      commit(forward, rows) {
        const step = steps.get(forward.rows);
        if (step?.sequence !== sequence) throw new Error('committed a pass of another sequence');
        if (newest.get(sequence) !== forward) throw new Error('committed rows of an older pass');
        newest.delete(sequence);
        rows.forEach((row, i) => {
          if (step.parents[row] !== (rows[i - 1] ?? -1)) throw new Error('rows are no path');
          text.push(step.ids[row] as number);
        });
        if (text.length > contextLength) throw new Error('context is full');
      },
      truncate(length) {
        text.length = Math.min(length, text.length);
      },
      copy: (length) => open(text.slice(0, length)),
      dispose() {
        texts.delete(sequence);
      },
    };
    texts.set(sequence, text);
    return sequence;
  };

  const forwardOne = (step: Step): Forward => {
    const text = texts.get(step.sequence);
    if (text === undefined) throw new Error('sequence is not open');
    const rows = [...step.heads].map((row) => {
      const line = lineage(step, row);
      const place = text.length + line.length - 1;
      if (step.positions.time[row] !== place) throw new Error(`row ${row} is not at ${place}`);
      if (place >= contextLength) throw new Error(`row ${row} is beyond the context`);
      return language.logits([...text.slice(-language.order), ...line]);
    });
    const forward: Forward = {
      best: Int32Array.from(rows, mostLikely),
      likely: likelyOf(rows, orderOf),
      ...(step.want === 'logits' && {
        logits: { data: joinFloats(rows), count: rows.length, width: language.vocab },
      }),
      rows: { count: step.ids.length },
    };
    steps.set(forward.rows, step);
    return forward;
  };

  return {
    hiddenSize: 1,
    vocabSize: language.vocab,
    contextLength,
    open: () => open(),
    columns: (sequences) => sequences.reduce((sum, { length }) => sum + length, 0),
    async forward(all) {
      const forwards = all.map(forwardOne);
      for (const [at, { sequence }] of all.entries()) newest.set(sequence, forwards[at] as Forward);
      return forwards;
    },
    async read(rows, at) {
      const { ids } = steps.get(rows) as Step;
      const data = Float32Array.from(at === undefined ? ids : at.map((row) => ids[row] as number));
      return { data, count: data.length, width: 1 };
    },
  };
}

/** The likeliest tokens of some rows, by their logits. */
function likelyOf(
  rows: readonly Float32Array[],
  orderOf: (row: Float32Array) => readonly number[],
): Likely {
  const each = Math.min(LIKELY, rows[0]?.length ?? LIKELY);
  const ids = new Int32Array(rows.length * each);
  const logits = new Float32Array(rows.length * each);
  for (const [at, row] of rows.entries()) {
    const order = orderOf(row);
    for (let i = 0; i < each; i++) {
      const id = order[i] as number;
      ids[at * each + i] = id;
      logits[at * each + i] = row[id] as number;
    }
  }
  return { ids, logits, each };
}

const likeliestFirst = (row: Float32Array): number[] =>
  Array.from(row, (_, id) => id).sort((a, b) => (row[b] as number) - (row[a] as number) || a - b);

const LIKELY = 4;

/** Tokens from the first uncommitted ancestor down to the row. */
function lineage({ ids, parents }: Step, row: number): number[] {
  const line: number[] = [];
  for (let at = row; at >= 0; at = parents[at] as number) line.unshift(ids[at] as number);
  return line;
}

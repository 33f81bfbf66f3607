import { mostLikely } from '../../decode/probabilities.ts';
import type { Picker } from '../../decode/sample.ts';

/** What is added to the target's logits before a token is drawn, as OpenAI's API has it. */
export interface Bias {
  readonly byId: Readonly<Record<number, number>>;
  /** Taken off for every time that an id is in the answer. */
  readonly frequency: number;
  /** Taken off once for an id that is in the answer. */
  readonly presence: number;
}

export const changesLogits = ({ byId, frequency, presence }: Bias): boolean =>
  frequency !== 0 || presence !== 0 || Object.keys(byId).length > 0;

/**
 * Draws by `inner`'s law from logits that are biased by what the answer holds: what was written, and the path that leads to
 * a node of a tree. So a drafted token is judged as if it had been written alone. Logprobs stay the target's own.
 */
export function biasedPicker(inner: Picker, bias: Bias, written: readonly number[]): Picker {
  const byId = Object.entries(bias.byId).map(([id, value]) => [Number(id), value] as const);
  return {
    want: 'logits',
    logprobs: inner.logprobs,
    pick(forward, head, position, path) {
      if (forward.logits === undefined)
        throw new TypeError('A bias needs a pass that gives logits.');
      const { data, width } = forward.logits;
      const row = data.slice(head * width, (head + 1) * width); // [V]
      const add = (id: number, value: number) => {
        if (id < width) row[id] = (row[id] as number) + value;
      };
      for (const [id, value] of byId) add(id, value);
      for (const [id, count] of counted([...written, ...path])) {
        add(id, -(bias.frequency * count + bias.presence));
      }
      const logits = { data: row, count: 1, width };
      return inner.pick(
        { ...forward, best: Int32Array.of(mostLikely(row)), logits },
        0,
        position,
        path,
      );
    },
  };
}

function counted(ids: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

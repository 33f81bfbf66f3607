import type { GenerateResult } from '../../src/contracts/generate.ts';
import { EQUAL, type Line } from './line.ts';
import { createTally, sameNumbers } from './tally.ts';

/** Speculative texts beside plain ones: every one of them is to be the same. */
export interface LosslessTally {
  /** Drafted tokens that were kept, pass by pass. */
  readonly accepted: readonly number[];
  compare(
    name: string,
    plain: Pick<GenerateResult, 'ids'>,
    speculative: Pick<GenerateResult, 'ids' | 'acceptedPerPass'>,
  ): void;
  figures(): Pick<Line, 'bound' | 'unit' | 'worst' | 'count' | 'notes'>;
}

export function createLosslessTally(): LosslessTally {
  const tally = createTally();
  const accepted: number[] = [];
  let tokens = 0;
  return {
    accepted,
    compare(name, plain, { ids, acceptedPerPass }) {
      tokens += ids.length;
      accepted.push(...acceptedPerPass);
      const place = ids.findIndex((id, at) => id !== plain.ids[at]);
      const where = place < 0 ? 'in its length' : `from token ${place} on`;
      tally.equal(sameNumbers(plain.ids, ids), `${name}, ${where},`);
    },
    figures() {
      const { worst, count } = tally;
      const kept = `${tokens} tokens, ${mean(accepted).toFixed(2)} accepted a pass`;
      return { bound: EQUAL, unit: 'texts', worst, count, notes: [kept, ...tally.notes] };
    },
  };
}

export const mean = (numbers: readonly number[]) =>
  numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

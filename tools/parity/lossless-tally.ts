import type { GenerateOptions, GenerateResult } from '../../src/contracts/generate.ts';
import type { OpenModel } from './lab.ts';
import { type Line, most } from './line.ts';
import { createTally, sameNumbers } from './tally.ts';
import { teacherForce } from './teacher-force.ts';

/** How far off a token may be: sums in floating point depend on how many rows a pass has. */
const NEAR_TIE = 1e-4;

/** Speculative texts beside plain ones: how many differ, and how far off the tokens of those are. */
export interface LosslessTally {
  /** Drafted tokens that were kept, pass by pass. */
  readonly accepted: readonly number[];
  compare(
    open: OpenModel,
    name: string,
    options: GenerateOptions,
    plain: Pick<GenerateResult, 'ids'>,
    speculative: Pick<GenerateResult, 'ids' | 'acceptedPerPass'>,
  ): Promise<void>;
  figures(): Pick<Line, 'bound' | 'unit' | 'worst' | 'count' | 'notes'>;
}

export function createLosslessTally(): LosslessTally {
  const tally = createTally();
  const accepted: number[] = [];
  let tokens = 0;
  let different = 0;
  let nearTies = 0;
  return {
    accepted,
    async compare(open, name, options, plain, { ids, acceptedPerPass }) {
      tokens += ids.length;
      accepted.push(...acceptedPerPass);
      if (sameNumbers(plain.ids, ids)) return tally.add(0);
      different += 1;
      const worst = isCut(plain.ids, ids) ? Infinity : await teacherForce(open, options, ids);
      nearTies += Number(worst <= NEAR_TIE);
      tally.add(worst);
      tally.note(`${name}: a token is off by ${worst.toExponential(1)}`);
    },
    figures() {
      const { worst, count } = tally;
      const differ = `${different} of ${count} texts differ, ${nearTies} of them by a near-tie`;
      const kept = `${mean(accepted).toFixed(2)} accepted a pass`;
      const notes = [`${differ} (${tokens} tokens, ${kept})`, ...tally.notes];
      return { bound: most(NEAR_TIE), unit: 'texts', worst, count, notes };
    },
  };
}

/** Whether one text merely ends before the other, which no tie explains: end tokens are part of them. */
function isCut(a: readonly number[], b: readonly number[]): boolean {
  const length = Math.min(a.length, b.length);
  return sameNumbers(a.slice(0, length), b.slice(0, length));
}

export const mean = (numbers: readonly number[]) =>
  numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

import type { GenerateOptions } from '../../src/contracts/generate.ts';
import type { OpenModel } from './lab.ts';
import type { Line } from './line.ts';
import { createTally, sameNumbers } from './tally.ts';
import { teacherForce } from './teacher-force.ts';

/** Speculative texts beside plain ones: how many differ, and how far off the tokens of those are. */
export interface LosslessTally {
  compare(
    open: OpenModel,
    name: string,
    options: GenerateOptions,
    plain: readonly number[],
    speculative: readonly number[],
  ): Promise<void>;
  figures(): Pick<Line, 'worst' | 'count' | 'notes'>;
}

export function createLosslessTally(): LosslessTally {
  const tally = createTally();
  let tokens = 0;
  let different = 0;
  return {
    async compare(open, name, options, plain, speculative) {
      tokens += speculative.length;
      if (sameNumbers(plain, speculative)) return tally.add(0);
      different += 1;
      const worst = await teacherForce(open, options, speculative);
      tally.add(worst);
      tally.note(`${name}: a token is off by ${worst.toExponential(1)}`);
    },
    figures: () => ({
      worst: tally.worst,
      count: tally.count,
      notes: [`${different} of ${tally.count} texts differ (${tokens} tokens)`, ...tally.notes],
    }),
  };
}

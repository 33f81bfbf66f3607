import type { GenerateResult } from '../contracts/generate.ts';
import { loopStart } from './loop-start.ts';

/**
 * The part of an answer that figures count: all of it, or up to where it begins to go round in circles, which any draft
 * guesses and nobody wants to read. The pass that writes the last token counts whole.
 */
export function countedPart(result: GenerateResult): GenerateResult {
  const end = loopStart(result.ids);
  if (end === null || end < 1) return result;
  let [passes, written] = [0, 1]; // the prompt's own pass gives the first
  while (written < end && passes < result.rounds.length) {
    written += (result.rounds[passes]?.accepted ?? 0) + 1;
    passes += 1;
  }
  const [rounds, cut] = [result.rounds.slice(0, passes), result.rounds.slice(passes)];
  const gone = (part: 'targetMs' | 'draftMs' | 'hostMs') =>
    cut.reduce((sum, round) => sum + round[part], 0);
  const [target, draft, host] = [gone('targetMs'), gone('draftMs'), gone('hostMs')];
  const { timings } = result;
  const ids = result.ids.slice(0, end);
  return {
    ...result,
    ids,
    rounds,
    passes,
    tokensPerPass: passes === 0 ? 0 : (ids.length - 1) / passes,
    acceptedPerPass: rounds.map(({ accepted }) => accepted),
    timings: {
      ...timings,
      target: timings.target - target,
      draft: timings.draft - draft,
      host: timings.host - host,
      total: timings.total - target - draft - host,
    },
  };
}

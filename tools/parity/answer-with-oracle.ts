import type { GenerateOptions, GenerateResult } from '../../src/contracts/generate.ts';
import { answerWith } from './answer-with.ts';
import type { OpenModel } from './lab.ts';
import { createOracle } from './oracle.ts';
import { prepareRequest } from './prepare-request.ts';

const TREE = { total: 32, depth: 7, topK: 8 };

/** An answer that is drafted by one who was told the plain text. */
export async function answerWithOracle(
  open: OpenModel,
  options: GenerateOptions,
  plain: Pick<GenerateResult, 'ids'>,
  random: () => number,
): Promise<GenerateResult> {
  const { ids } = await prepareRequest(open, options);
  const drafter = createOracle([...ids, ...plain.ids], open.model.info.vocabSize, random);
  return answerWith(open, { ...options, drafter: drafter.name, tree: TREE }, { drafter });
}

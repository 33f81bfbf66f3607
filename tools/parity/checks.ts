import type { Check } from './check.ts';
import { draftPrefill } from './rows/draft.ts';
import { samplingLaw } from './rows/law.ts';
import { losslessGreedy } from './rows/lossless.ts';
import { losslessOracle } from './rows/oracle.ts';
import { awkwardPictures, pixelValues, resizes } from './rows/pixels.ts';
import { losslessSampling } from './rows/sampling.ts';
import { activations, greedyIds, treeLogits } from './rows/target.ts';
import { trees } from './rows/trees.ts';
import { prompts, strings } from './rows/words.ts';

const check = (name: string, run: Check['run']): Check => ({ name, timed: false, run });

/** All checks, the timed ones last. */
export const CHECKS: readonly Check[] = [
  check('pixels', pixelValues),
  check('pictures', awkwardPictures),
  check('resize', resizes),
  check('prompts', prompts),
  check('strings', strings),
  check('activations', activations),
  check('tree-logits', treeLogits),
  check('greedy', greedyIds),
  check('draft', draftPrefill),
  check('trees', trees),
  check('lossless', losslessGreedy),
  check('oracle', losslessOracle),
  check('sampling', losslessSampling),
  check('law', samplingLaw),
];

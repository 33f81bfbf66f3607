import type { Check } from './check.ts';
import { batches } from './rows/batch.ts';
import { chunkedPrefill } from './rows/chunks.ts';
import { afterRounds, overTurns } from './rows/continued.ts';
import { draftPrefill } from './rows/draft.ts';
import { families } from './rows/families.ts';
import { familyTexts } from './rows/family-texts.ts';
import { hostTime } from './rows/host-time.ts';
import { samplingLaw } from './rows/law.ts';
import { losslessGreedy } from './rows/lossless.ts';
import { neverSlower } from './rows/never-slower.ts';
import { losslessOracle, losslessOracleSampling } from './rows/oracle.ts';
import { awkwardPictures, pixelValues, resizes } from './rows/pixels.ts';
import { losslessSampling } from './rows/sampling.ts';
import { activations, greedyIds, treeLogits } from './rows/target.ts';
import { freeThread } from './rows/timer.ts';
import { trees } from './rows/trees.ts';
import { prompts, strings } from './rows/words.ts';

const check = (name: string, run: Check['run']): Check => ({ name, timed: false, run });

const timed = (name: string, run: Check['run']): Check => ({ name, timed: true, run });

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
  check('families', families),
  check('draft', draftPrefill),
  check('trees', trees),
  check('chunks', chunkedPrefill),
  check('rounds', afterRounds),
  check('turns', overTurns),
  check('batches', batches),
  check('lossless', losslessGreedy),
  check('oracle', losslessOracle),
  check('sampling', losslessSampling),
  check('oracle-sampling', losslessOracleSampling),
  check('family-texts', familyTexts),
  check('law', samplingLaw),
  timed('timer', freeThread),
  timed('host-time', hostTime),
  timed('never-slower', neverSlower),
];

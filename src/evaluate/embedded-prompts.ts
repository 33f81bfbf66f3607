import { packageFile } from '../files/package-file.ts';
import { type BenchPrompt, readPrompts } from './prompt-set.ts';

/**
 * The set that runs when no prompts are given, with pictures and without: as people ask a small model that sees. Its file is
 * an example of one, too.
 */
export const embeddedPrompts = (): Promise<BenchPrompt[]> =>
  readPrompts(packageFile('fixtures/examples/prompts.jsonl'));

import type { GenerateOptions, RunInfo } from '../../contracts/generate.ts';
import type { MsdModel } from '../../load.ts';

/**
 * What an answer would run with, told without writing one.
 * @throws DrafterUnavailableError
 */
export async function previewRun(
  generate: MsdModel['generate'],
  options: Pick<GenerateOptions, 'drafter' | 'tree'>,
): Promise<RunInfo> {
  for await (const event of generate({ ...options, prompt: 'Hello', maxTokens: 1 })) {
    if (event.type === 'start') return event.run;
  }
  throw new TypeError('an answer ended before it started');
}

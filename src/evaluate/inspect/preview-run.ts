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
  // It may have read its prompt before it hears that it is over.
  const asked = { ...options, prompt: 'Hello', maxTokens: 1, forget: 'all' } as const;
  for await (const event of generate(asked)) {
    if (event.type === 'start') return event.run;
  }
  throw new TypeError('an answer ended before it started');
}

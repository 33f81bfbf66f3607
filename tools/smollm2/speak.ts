import { readPrompt } from '../../src/engine/answer/read-prompt.ts';
import { loadModel } from '../../src/engine/load/load-model.ts';
import { createNodeHost } from '../../src/engine/node/node-host.ts';
import type { BenchPrompt } from '../../src/evaluate/prompt-set.ts';
import { normaliseMessages } from '../../src/input/messages.ts';
import { resolveLoadOptions } from '../../src/load.ts';
import { answerWith } from '../parity/answer-with.ts';
import type { Spoken } from './llama-cpp.ts';

/** The prompts with our plain greedy answers, as ids. */
export async function speak(
  folder: string,
  prompts: readonly BenchPrompt[],
  maxTokens: number,
): Promise<Spoken[]> {
  const settings = resolveLoadOptions({ model: folder });
  const host = await createNodeHost(settings);
  const model = await loadModel(host, settings);
  const texts: Spoken[] = [];
  for (const { messages } of prompts) {
    const { ids } = readPrompt(model, normaliseMessages(messages), []);
    const options = { messages, maxTokens, drafter: 'none' } as const;
    const answer = await answerWith({ host, model }, options, {});
    texts.push({ ids: [...ids, ...answer.ids], prompt: ids.length });
  }
  await model.dispose();
  return texts;
}

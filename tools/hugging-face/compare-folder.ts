import type { GenerateOptions } from '../../src/contracts/generate.ts';
import type { DrafterName } from '../../src/draft/drafters.ts';
import type { BenchPrompt } from '../../src/evaluate/prompt-set.ts';
import { load, type MsdModel } from '../../src/load.ts';
import { compareAnswers } from './compare-answers.ts';
import { type Answer, type LoadedByHuggingFace, openHuggingFace } from './hugging-face.ts';
import type { Comparison } from './report.ts';

interface Task {
  readonly folder: string;
  readonly draft: string | undefined;
  readonly prompts: readonly BenchPrompt[];
  readonly maxTokens: number;
  /** Called once the folder is loaded here: the interpreter of Hugging Face's code. */
  readonly openPython: () => Promise<string>;
  /** Told how far it is. */
  readonly say: (line: string) => void;
}

/** Answers all prompts on both sides, by plain decoding and with the draft if there is one. */
export async function compareFolder({
  folder,
  draft,
  prompts,
  maxTokens,
  openPython,
  say,
}: Task): Promise<{ loaded: LoadedByHuggingFace; comparisons: Comparison[] }> {
  await using model = await load({ model: folder, thread: false, ...(draft && { draft }) });
  const drafters: readonly DrafterName[] = draft === undefined ? ['none'] : ['none', 'msd'];
  const theirs = await openHuggingFace(await openPython(), folder, maxTokens);
  try {
    const rules = { end: theirs.loaded.end, maxTokens };
    const comparisons: Comparison[] = [];
    for (const [index, { name, images, messages }] of prompts.entries()) {
      const expected = await theirs.answer(messages);
      for (const drafter of drafters) {
        const answer = await answerOf(model, { messages, drafter, maxTokens });
        const verdict = await compareAnswers(answer, expected, rules, (ids) =>
          theirs.judge(messages, ids),
        );
        const tokens = answer.ids.length;
        comparisons.push({ prompt: name, pictures: images, drafter, tokens, verdict });
      }
      if ((index + 1) % 10 === 0) say(`answered ${index + 1} of ${prompts.length}`);
    }
    return { loaded: theirs.loaded, comparisons };
  } finally {
    await theirs.close();
  }
}

async function answerOf(model: MsdModel, options: GenerateOptions): Promise<Answer> {
  for await (const event of model.generate(options)) {
    if (event.type === 'done') return event.result;
  }
  throw new Error('the answer ended without a result');
}

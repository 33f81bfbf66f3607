import type { GenerateResult } from '../../../contracts/generate.ts';
import type { Device } from '../../../contracts/load.ts';
import { embeddedPrompts } from '../../../evaluate/embedded-prompts.ts';
import type { BenchPrompt } from '../../../evaluate/prompt-set.ts';
import { load, type MsdModel } from '../../../load.ts';
import { type Check, ok, reasonOf } from './check.ts';

const PAPER_TREE = { total: 59, depth: 5, topK: 10 };

/** Whether the embedded pair loads on a device and answers a prompt with a picture in plain decoding's words. */
export async function checkPair(name: string, device: Device): Promise<Check> {
  try {
    const model = await load({ device });
    try {
      return await answered(name, model);
    } finally {
      await model.dispose();
    }
  } catch (error) {
    const advice = 'Install the package again; if that does not help, report this line.';
    return { name, status: 'fail', detail: reasonOf(error), advice };
  }
}

async function answered(name: string, { generate }: MsdModel): Promise<Check> {
  const prompts = await embeddedPrompts();
  const asked = prompts.find(({ images }) => images > 0);
  if (asked === undefined) throw new TypeError('the embedded prompts have no picture');
  const plain = await answer(generate, asked, { drafter: 'none' });
  const speculative = await answer(generate, asked, { drafter: 'msd', tree: PAPER_TREE });
  const equal = plain.ids.join() === speculative.ids.join();
  const detail = `${plain.ids.length} tokens in ${speculative.passes} passes instead of ${plain.passes}: "${speculative.text}"`;
  if (equal && plain.finishReason === 'stop') return ok(name, `${detail}, as plain decoding says`);
  const advice = 'Report this line: the words must be the same, whatever drafts.';
  return { name, status: 'fail', detail: `${detail}, but plain says "${plain.text}"`, advice };
}

async function answer(
  generate: MsdModel['generate'],
  { messages }: BenchPrompt,
  options: Pick<Parameters<MsdModel['generate']>[0], 'drafter' | 'tree'>,
): Promise<GenerateResult> {
  for await (const event of generate({ ...options, messages, maxTokens: 64 })) {
    if (event.type === 'done') return event.result;
  }
  throw new TypeError('an answer ended without a result');
}

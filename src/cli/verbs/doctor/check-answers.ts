import type { GenerateResult } from '../../../contracts/generate.ts';
import type { Device, LoadOptions } from '../../../contracts/load.ts';
import { embeddedPrompts } from '../../../evaluate/embedded-prompts.ts';
import type { BenchPrompt } from '../../../evaluate/prompt-set.ts';
import { packageFile } from '../../../files/package-file.ts';
import { load, type MsdModel } from '../../../load.ts';
import { type Check, ok, reasonOf } from './check.ts';

/** Every pass verifies so many rows, so that speculation is at work whatever it costs here. */
const TREE = 8;

/** The embedded model runs on the CPU alone. Elsewhere it is one of the same family with random weights. */
const modelFor = (device: Device): LoadOptions =>
  device === 'cpu' ? {} : { device, model: packageFile('fixtures/families/glance') };

/** Whether a model loads on a device and answers a prompt with a picture in plain decoding's words. */
export async function checkAnswers(name: string, device: Device): Promise<Check> {
  try {
    const model = await load(modelFor(device));
    try {
      return await answered(name, model);
    } finally {
      await model.dispose();
    }
  } catch (error) {
    const advice =
      'Do as it says; if it says nothing, install the package again, or report this line.';
    return { name, status: 'fail', detail: reasonOf(error), advice };
  }
}

async function answered(name: string, { generate }: MsdModel): Promise<Check> {
  const prompts = await embeddedPrompts();
  const asked = prompts.find(({ images }) => images > 0);
  if (asked === undefined) throw new TypeError('the embedded prompts have no picture');
  const plain = await answer(generate, asked, { drafter: 'none' });
  const speculative = await answer(generate, asked, { tree: TREE });
  const equal = plain.ids.join() === speculative.ids.join();
  const detail = `${plain.ids.length} tokens in ${speculative.passes} passes instead of ${plain.passes}: "${onOneLine(speculative.text)}"`;
  if (equal) return ok(name, `${detail}, as plain decoding says`);
  const advice = 'Report this line: the words must be the same, whatever drafts.';
  return {
    name,
    status: 'fail',
    detail: `${detail}, but plain says "${onOneLine(plain.text)}"`,
    advice,
  };
}

/** Random weights write line ends, too. */
const onOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

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

import { fileURLToPath } from 'node:url';
import { TINY_TARGET } from '../../../checkpoint/testing/folders.ts';
import { createEngine } from '../../../engine/engine.ts';
import { createNodeHost } from '../../../engine/node/node-host.ts';
import type { Dialogue } from '../../data/dialogue.ts';
import { readDialogues } from '../../data/read-dialogues.ts';
import { answerDialogues, type Outcome } from '../answer-dialogues.ts';
import type { HarvestSettings } from '../harvest-settings.ts';

export const dataFile = (name: 'val_text' | 'val_visual'): string =>
  fileURLToPath(new URL(`../../../../fixtures/tiny/validation/${name}.json`, import.meta.url));

export const GREEDY: HarvestSettings = {
  turns: 'all',
  sampling: { temperature: 0, topK: 0, topP: 1, minP: 0, seed: 7 },
  maxTokens: 40,
  dropCut: false,
  dropLoops: false,
};

export const SAMPLED: HarvestSettings = {
  ...GREEDY,
  sampling: { temperature: 1.3, topK: 200, topP: 0.98, minP: 0.001, seed: 7 },
};

/** The first so many dialogues with pictures and without, mixed. */
export async function someDialogues(each: number): Promise<Dialogue[]> {
  const read = async (name: 'val_text' | 'val_visual') => {
    const { dialogues } = await readDialogues([dataFile(name)], { skipBad: false });
    return dialogues.slice(0, each);
  };
  const [words, pictures] = [await read('val_text'), await read('val_visual')];
  return words.flatMap((dialogue, i) => [dialogue, ...pictures.slice(i, i + 1)]);
}

/** How dialogues end with the embedded target, in their order. */
export async function answerAll(
  dialogues: readonly Dialogue[],
  settings: HarvestSettings,
  batch: number,
): Promise<Outcome[]> {
  const host = await createNodeHost({ model: '', draft: null, device: 'cpu', threads: 1 });
  const load = { model: TINY_TARGET, draft: null, device: 'cpu', threads: 1 } as const;
  const engine = await createEngine(host, load);
  try {
    const numbered = dialogues.map((dialogue, index) => ({ index, dialogue }));
    const ended: Outcome[] = [];
    await answerDialogues(engine, numbered, settings, batch, {
      cancelled: () => false,
      onTokens: () => {},
      onOutcome: (outcome) => void ended.push(outcome),
    });
    return ended.sort((a, b) => a.index - b.index);
  } finally {
    await engine.dispose();
  }
}

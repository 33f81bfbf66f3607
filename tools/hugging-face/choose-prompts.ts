import { type BenchPrompt, readPrompts } from '../../src/evaluate/prompt-set.ts';
import { repositoryPath } from '../../src/input/node/testing/read-goldens.ts';

/** The first `count` prompts of a file; without one, first turns of the validation dialogues, half with pictures. */
export async function choosePrompts(
  count: number,
  file: string | undefined,
): Promise<BenchPrompt[]> {
  if (file !== undefined) return (await readPrompts(file)).slice(0, count);
  const visual = await readPrompts(repositoryPath('fixtures/tiny/validation/val_visual.json'));
  const text = await readPrompts(repositoryPath('fixtures/tiny/validation/val_text.json'));
  return [...visual.slice(0, Math.ceil(count / 2)), ...text.slice(0, Math.floor(count / 2))];
}

import { largestDifference } from '../../../src/input/node/testing/read-goldens.ts';
import { goldenNumbers, layoutCases, tinyCases } from '../golden-cases.ts';
import type { Lab } from '../lab.ts';
import { type Line, most } from '../line.ts';
import { preparedCase } from '../prepared-case.ts';
import { readPromptWhole } from '../read-prompt-whole.ts';
import { createTally, figures } from '../tally.ts';
import { openWatchedDraft } from '../watched-draft.ts';

/** What the draft's layer reads, and its cache, after the prompt; features are this program's own. */
export async function draftPrefill(lab: Lab): Promise<Line[]> {
  const input = createTally();
  const keys = createTally();
  const values = createTally();
  const open = await lab.open('tiny');
  const draft = await openWatchedDraft(open);
  for (const one of [...tinyCases(), ...layoutCases()]) {
    const numbers = goldenNumbers(one.set);
    const prompt = await preparedCase(open.model, one, numbers);
    const { sequence, rows } = await readPromptWhole(open.model.target, prompt);
    sequence.dispose();
    const drafter = draft.drafter();
    await drafter.run([{ state: drafter.open(), rows: [rows] }]);
    const { length } = prompt.ids;
    const cache = draft.cacheRows(length);
    keys.add(largestDifference(cache.keys, numbers(`${one.name}.draft_key`)), length);
    values.add(largestDifference(cache.values, numbers(`${one.name}.draft_value`)), length);
    if (one.set === 'layout') {
      input.add(largestDifference(draft.layerInput(), numbers(`${one.name}.layer_input`)), length);
    }
  }
  await draft.dispose();
  const common = { against: 'official draft code', bound: most(1e-4), unit: 'rows' };
  return [
    { what: 'draft layer input, 3 layouts', ...common, ...figures(input) },
    { what: 'draft keys after prefill', ...common, ...figures(keys) },
    { what: 'draft values after prefill', ...common, ...figures(values) },
  ];
}

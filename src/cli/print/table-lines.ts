import { counted } from '../../contracts/counted.ts';
import { ROWS } from '../../train/recycled/foretell.ts';
import type { MadeTable } from '../../train/recycled/train-recycled.ts';

/** What a table was made of, and what it is worth where it was not. */
export function tableLines({ dialogues, heldOut, read, tokens, endings }: MadeTable): string[] {
  const all = dialogues + heldOut.dialogues;
  const lines = [
    `${counted(tokens, 'token')} of ${counted(dialogues, 'dialogue')}; the target read ${read} of all ${all} now`,
    `table: ${endings.written} of ${counted(endings.seen, 'ending')}`,
  ];
  if (heldOut.dialogues === 0) return lines;
  const { withTable, without } = heldOut;
  const both = (answers: 'all' | 'first') =>
    `${withTable[answers].toFixed(2)} tokens a pass of ${ROWS} rows, ${without[answers].toFixed(2)} without the table`;
  return [
    ...lines,
    `held out: ${counted(heldOut.dialogues, 'dialogue')}, ${both('all')}`,
    `each as a model's first answer: ${both('first')}`,
  ];
}

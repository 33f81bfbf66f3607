import { counted } from '../../contracts/counted.ts';
import type { MadeTable } from '../../train/recycled/train-recycled.ts';

/** What a table was made of. */
export function tableLine({ dialogues, kept, tokens, endings }: MadeTable): string {
  const read = kept === dialogues ? 'none read again' : `${dialogues - kept} of them read now`;
  return [
    `${counted(tokens, 'token')} of ${counted(dialogues, 'dialogue')}, ${read};`,
    `${endings.written} of ${counted(endings.seen, 'ending')} fit the table`,
  ].join(' ');
}

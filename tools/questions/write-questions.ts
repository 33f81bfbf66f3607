import { join } from 'node:path';
import sharp from 'sharp';
import { writeWhole } from '../../src/files/write-file.ts';
import { drawFile } from '../names/draw-file.ts';

/** Something to ask. */
export interface TextQuestion {
  readonly text: string;
  /** What is answered and asked after it, by turns. */
  readonly then?: readonly string[];
  readonly task?: string;
}

/** Something to ask about a picture. */
export interface Question extends TextQuestion {
  /** What its file is called, without an ending. */
  readonly picture: string;
  /** A picture file of any kind. */
  readonly file: Uint8Array;
}

/** Writes pictures as PNG, then the questions as lines that `msd harvest` and `msd bench --prompts` read. */
export async function writeQuestions(
  folder: string,
  name: string,
  questions: readonly (Question | TextQuestion)[],
): Promise<void> {
  const lines: string[] = [];
  for (const question of questions) {
    const { text, then = [], task } = question;
    const shown = 'file' in question ? [await writePicture(folder, question)] : [];
    const content = [...shown, { type: 'text', text }];
    const others = then.map((said, at) => ({
      role: at % 2 === 0 ? 'assistant' : 'user',
      content: said,
    }));
    const messages = [{ role: 'user', content }, ...others];
    lines.push(JSON.stringify({ messages, ...(task && { task }) }));
  }
  await writeWhole(join(folder, name), `${lines.join('\n')}\n`);
}

async function writePicture(folder: string, { picture, file }: Question) {
  const image = `pictures/${picture}.png`;
  const { side, rgba } = await drawFile(file);
  const raw = { width: side, height: side, channels: 4 } as const;
  await writeWhole(join(folder, image), await sharp(rgba, { raw }).png().toBuffer());
  return { type: 'image', image };
}

import { join } from 'node:path';
import sharp from 'sharp';
import { writeWhole } from '../../src/files/write-file.ts';
import { drawFile } from '../names/draw-file.ts';

/** Something to ask about a picture. */
export interface Question {
  /** What its file is called, without an ending. */
  readonly picture: string;
  /** A picture file of any kind. */
  readonly file: Uint8Array;
  readonly text: string;
  /** What is answered and asked after it, by turns. */
  readonly then?: readonly string[];
  readonly task?: string;
}

/** Writes pictures as PNG, then the questions as lines that `msd harvest` and `msd bench --prompts` read. */
export async function writeQuestions(
  folder: string,
  name: string,
  questions: readonly Question[],
): Promise<void> {
  const lines: string[] = [];
  for (const { picture, file, text, then = [], task } of questions) {
    const image = `pictures/${picture}.png`;
    const { side, rgba } = await drawFile(file);
    const raw = { width: side, height: side, channels: 4 } as const;
    await writeWhole(join(folder, image), await sharp(rgba, { raw }).png().toBuffer());
    const content = [
      { type: 'image', image },
      { type: 'text', text },
    ];
    const others = then.map((said, at) => ({
      role: at % 2 === 0 ? 'assistant' : 'user',
      content: said,
    }));
    const messages = [{ role: 'user', content }, ...others];
    lines.push(JSON.stringify({ messages, ...(task && { task }) }));
  }
  await writeWhole(join(folder, name), `${lines.join('\n')}\n`);
}

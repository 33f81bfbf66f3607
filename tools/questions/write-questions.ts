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
  readonly task?: string;
}

/** Writes pictures as PNG, then the questions as lines that `msd harvest` and `msd bench --prompts` read. */
export async function writeQuestions(
  folder: string,
  name: string,
  questions: readonly Question[],
): Promise<void> {
  const lines: string[] = [];
  for (const { picture, file, text, task } of questions) {
    const image = `pictures/${picture}.png`;
    const { side, rgba } = await drawFile(file);
    const raw = { width: side, height: side, channels: 4 } as const;
    await writeWhole(join(folder, image), await sharp(rgba, { raw }).png().toBuffer());
    const content = [
      { type: 'image', image },
      { type: 'text', text },
    ];
    lines.push(JSON.stringify({ messages: [{ role: 'user', content }], ...(task && { task }) }));
  }
  await writeWhole(join(folder, name), `${lines.join('\n')}\n`);
}

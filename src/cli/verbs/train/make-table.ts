import { resolve } from 'node:path';
import type { RecycledTraining } from '../../../train/recycled/recycled-config.ts';
import { trainRecycled } from '../../../train/recycled/train-recycled.ts';
import { shownPath } from '../../print/shown-path.ts';
import { tableLines } from '../../print/table-lines.ts';
import { createCancellation } from '../../terminal/cancellation.ts';
import { createReadingDisplay } from '../../terminal/reading-display.ts';

/** Makes a table of recycled tokens. Ctrl-C leaves at once with 130: what was read is kept on the way. */
export async function makeTable(config: RecycledTraining, out: string): Promise<void> {
  const display = createReadingDisplay(process.stderr, () => performance.now());
  const { release } = createCancellation(display.clear);
  try {
    const made = await trainRecycled(config, resolve(out), {
      tell: display.tell,
      onProgress: display.update,
    });
    for (const line of tableLines(made)) display.tell(line);
    process.stdout.write(`${shownPath(made.path)}\n`);
  } finally {
    display.clear();
    release();
  }
}

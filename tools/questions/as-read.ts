import type { PictureReading } from '../../src/contracts/reading.ts';
import { withReadings } from '../../src/input/with-readings.ts';

/** A question about a picture as a model is asked it that has text read for it. */
export function asRead(question: string, reading: Pick<PictureReading, 'text'>): string {
  const picture = { type: 'image', image: { name: '', bytes: new Uint8Array() } } as const;
  const content = [picture, { type: 'text', text: question } as const];
  const [message] = withReadings([{ role: 'user', content }], [reading], true);
  const said = message?.content.at(-1);
  return said?.type === 'text' ? said.text : question;
}

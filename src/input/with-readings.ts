import type { ChartReading, PictureReading } from '../contracts/reading.ts';
import type { NormalMessage } from './messages.ts';

type Part = NormalMessage['content'][number];

/**
 * Messages with what was read of their pictures, as words behind each picture.
 * @param readings in the order of the pictures; one without lines adds nothing
 * @param seen whether the pictures stay; where not, the words stand for them
 */
export function withReadings(
  messages: readonly NormalMessage[],
  readings: readonly Pick<PictureReading, 'text' | 'chart'>[],
  seen: boolean,
): NormalMessage[] {
  const pictures = messages.flatMap(({ content }) => content.filter(isPicture)).length;
  let picture = 0;
  return messages.map((message) => {
    if (!message.content.some(isPicture)) return message;
    const content: Part[] = [];
    let words = '';
    for (const part of message.content) {
      if (part.type === 'text') {
        content.push({ type: 'text', text: words + part.text });
        words = '';
        continue;
      }
      if (seen) {
        if (words !== '') content.push({ type: 'text', text: words });
        words = '';
        content.push(part);
      }
      words += said(readings[picture], pictures > 1 ? ` ${picture + 1}` : '');
      picture++;
    }
    if (words !== '') content.push({ type: 'text', text: words });
    return { ...message, content, ...(!seen && { plain: true as const }) };
  });
}

/** Rows that messages tell of their pictures, as those of `withReadings` do, and the messages without them. */
export function readingsApart<M extends Pick<NormalMessage, 'role' | 'content'>>(
  messages: readonly M[],
): { rows: string[]; messages: M[] } {
  const rows: string[] = [];
  const withoutWords = (part: Part): Part => {
    if (part.type !== 'text') return part;
    let { text } = part;
    for (let told = TOLD.exec(text); told !== null; told = TOLD.exec(text)) {
      rows.push(...(told[1] as string).split('\n'));
      text = text.slice(told[0].length);
    }
    return { ...part, text };
  };
  const without = messages.map((one) =>
    one.role === 'assistant' ? one : { ...one, content: one.content.map(withoutWords) },
  );
  return { rows, messages: without };
}

/** As `said` writes it: rows up to an empty one. */
const TOLD = /^Text in (?:the picture|picture \d+):\n(.+?)\n\n/s;

const isPicture = ({ type }: Part): boolean => type === 'image';

/** As a text that goes before what is said of the picture. */
function said(reading: Pick<PictureReading, 'text' | 'chart'> | undefined, number: string): string {
  if (reading === undefined || reading.text === '') return '';
  const of = number === '' ? 'the picture' : `picture${number}`;
  return `Text in ${of}:\n${saidRows(reading).join('\n')}\n\n`;
}

/** What a model is told of a picture, row by row; nothing where nothing was read. */
export function saidRows({ text, chart }: Pick<PictureReading, 'text' | 'chart'>): string[] {
  if (text === '') return [];
  return [...text.split('\n'), ...(chart === undefined ? [] : extremes(chart))];
}

/** Which stands out of a chart: a small model doesn't find the largest of twelve numbers. */
function extremes({ values, most, least }: ChartReading): string[] {
  const one = (what: string, at: number | null) => {
    const value = at === null ? undefined : values[at];
    return value === undefined ? [] : [`${what}: ${value.name}, ${value.number}`];
  };
  return [...one('Most', most), ...one('Least', least)];
}

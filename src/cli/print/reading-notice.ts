import { counted } from '../../contracts/counted.ts';
import type { PictureReading } from '../../contracts/reading.ts';

/** What was read of pictures, told before the answer, a line each. */
export const readingNotice = (readings: readonly PictureReading[]): string =>
  readings
    .map(({ picture, text, leftOut }) => {
      const more = leftOut === 0 ? '' : `; ${counted(leftOut, 'more line')} left out`;
      const rows = text === '' ? 0 : text.split('\n').length;
      const read = rows === 0 ? 'no text found' : `read ${counted(rows, 'line')}`;
      return `${read} in ${picture}${more}\n`;
    })
    .join('');

import type { GenerateResult } from '../../contracts/generate.ts';
import { readingJson } from '../../input/reading/reading-json.ts';

/** What was read of a request's pictures, in their order, where anything was to be read. */
export const readingFigures = ({ readings }: Pick<GenerateResult, 'readings'>): object =>
  readings === undefined ? {} : { readings: readings.map(readingJson) };

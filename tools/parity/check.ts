import type { Lab } from './lab.ts';
import type { Line } from './line.ts';

/** One comparison by name; it may give several lines of the table. */
export interface Check {
  readonly name: string;
  /** Its figures are times: nothing else should run. */
  readonly timed: boolean;
  readonly run: (lab: Lab) => Promise<Line[]>;
}

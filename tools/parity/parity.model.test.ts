import { afterAll, expect, it } from 'vitest';
import { CHECKS } from './checks.ts';
import { createLab } from './lab.ts';
import { holds } from './line.ts';
import { renderTable } from './table.ts';

/** The table of `npm run parity -- --quick`, a test for each check; times are left out, since other tests run beside. */
const lab = createLab(true);
/** The longest takes 10 s on two idle cores. */
const TIMEOUT = 120_000;
afterAll(() => lab.close());

it.each(CHECKS.filter(({ timed }) => !timed))(
  '$name is within its bounds',
  async ({ name, run }) => {
    const lines = (await run(lab)).map((line) => ({ check: name, ...line }));
    expect(lines.length, 'lines of the table').toBeGreaterThan(0);
    expect(
      lines.filter((line) => !holds(line)),
      renderTable(lines),
    ).toEqual([]);
  },
  TIMEOUT,
);

/** `npm run parity`: measures every bound that the project promises and prints the table; fails if one is breached. */
import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { CHECKS } from './checks.ts';
import { createLab } from './lab.ts';
import { holds } from './line.ts';
import { type NamedLine, renderTable } from './table.ts';

const NAMES = CHECKS.map(({ name }) => name);

const { quick, only, json } = new Command('parity')
  .description('Compares this program with the published ones and with itself.')
  .option('--quick', 'fewer prompts and draws, as CI can wait for', false)
  .option('--only <name...>', `run these checks: ${NAMES.join(', ')}`, known)
  .option('--json <file>', 'write the lines as JSON too')
  .showSuggestionAfterError()
  .parse()
  .opts();

function known(name: string, others: readonly string[] = []): string[] {
  if (!NAMES.includes(name)) throw new InvalidArgumentError(`There are: ${NAMES.join(', ')}.`);
  return [...others, name];
}

const lab = createLab(quick);
const lines: NamedLine[] = [];
const chosen = CHECKS.filter(({ name }) => only === undefined || only.includes(name));
for (const [index, { name, run }] of chosen.entries()) {
  process.stderr.write(`[${index + 1}/${chosen.length}] ${name} … `);
  const start = performance.now();
  lines.push(...(await run(lab)).map((line) => ({ check: name, ...line })));
  process.stderr.write(`${((performance.now() - start) / 1000).toFixed(1)} s\n`);
}
await lab.close();

process.stdout.write(renderTable(lines));
if (json !== undefined) {
  const report = lines.map((line) => ({ ...line, holds: holds(line) }));
  writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
}
process.exitCode = lines.every(holds) ? 0 : 1;

import { Command, Option } from '@commander-js/extra-typings';
import { type Ink, inkFor } from '../print/ink.ts';
import type { Check } from './doctor/check.ts';
import { checkApart } from './doctor/check-apart.ts';
import { checkCostCache } from './doctor/check-cost-cache.ts';
import { checkCpu, checkWebGpu } from './doctor/check-device.ts';
import { checkSettings } from './doctor/check-settings.ts';

/** `msd doctor`: whether msd works on this machine, line by line. Exit code 1 if something fails. */
export function doctorCommand() {
  return new Command('doctor')
    .description('check that msd works here, and say what to do if not')
    .option('--json', 'print one JSON object')
    .addOption(new Option('--only <check>', 'one check alone').choices(['webgpu']).hideHelp())
    .addHelpText(
      'after',
      '\nok: fine; warn: msd works, but not everything here; fail: it does not.',
    )
    .action(async ({ json, only }) => {
      const ink = inkFor(process.stdout);
      const checks: Check[] = [];
      const add = (check: Check) => {
        checks.push(check);
        if (!json) process.stdout.write(checkText(check, ink));
      };
      if (only !== undefined) add(await checkWebGpu());
      else {
        const { checkMachine } = await import('./doctor/check-machine.ts');
        const { checkConversions } = await import('./doctor/check-conversions.ts');
        [...checkMachine(), checkSettings()].forEach(add);
        for (const check of [checkCpu, webGpuApart, checkCostCache, checkConversions]) {
          add(await check());
        }
      }
      const works = checks.every(({ status }) => status !== 'fail');
      if (json) process.stdout.write(`${JSON.stringify({ ok: works, checks })}\n`);
      if (!works) process.exitCode = 1;
    });
}

/** Graphics drivers write what they like. */
const webGpuApart = () =>
  checkApart('webgpu', {
    name: 'device webgpu',
    status: 'warn',
    detail: 'the process that tried it',
    advice: 'Run without --device webgpu, or update the driver of the GPU.',
  });

const COLOURS = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

function checkText({ name, status, detail, advice }: Check, ink: Ink): string {
  const line = `${ink(COLOURS[status], status.padEnd(4))}  ${name.padEnd(16)}  ${detail}\n`;
  return advice === '' ? line : `${line}${' '.repeat(24)}→ ${advice}\n`;
}

/**
 * `npm run check:serve`: many streaming clients of the built `msd serve`, with pictures, seeds, penalties and stop texts, a
 * third of whom leave. Each text must be the one that the model writes alone, byte for byte; memory and open files of
 * server and engine are told beside. Exits 1 where a text differs or a request fails.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { Command } from '@commander-js/extra-typings';
import { load } from '../../src/load.ts';
import { hearAll, type Mixed, mixed } from '../../src/serve/testing/mixture.ts';
import { serveMsd } from '../../src/serve/testing/serve-msd.ts';

/** Requests that are heard before memory and files are looked at again. */
const ROUND = 250;

const {
  requests: count,
  clients,
  compare,
} = new Command('check:serve')
  .description(
    'Asks a server as many clients do, and compares every text with the one written alone.',
  )
  .option('--requests <n>', 'how many in all', Number, 1000)
  .option('--clients <n>', 'how many at once', Number, 64)
  .option('--no-compare', 'a soak: memory and open files alone')
  .parse()
  .opts();

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Of a process: resident memory in MiB, and open files. */
function levelsOf(pid: number): string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = Number(status.match(/VmRSS:\s+(\d+)/)?.[1]) / 1024;
  return `${mib.toFixed(0)} MiB, ${readdirSync(`/proc/${pid}/fd`).length} files`;
}

const engineOf = (pid: number): number =>
  Number(
    execFileSync('sh', ['-c', `cat /proc/${pid}/task/*/children`], { encoding: 'utf8' }).trim(),
  );

async function main(): Promise<number> {
  const server = await serveMsd(['--parallel', '16', '--queue', String(clients)]);
  const engine = engineOf(server.pid);
  const levels = () => `server ${levelsOf(server.pid)}; engine ${levelsOf(engine)}`;
  await using model = await load({ thread: false });
  let [different, left, compared] = [0, 0, 0];
  say(`at first: ${levels()}`);
  for (let from = 0; from < count; from += ROUND) {
    const requests = Array.from({ length: Math.min(ROUND, count - from) }, (_, at) =>
      mixed(from + at),
    );
    const start = performance.now();
    const heard = await hearAll(server.url, requests, clients);
    const seconds = (performance.now() - start) / 1000;
    left += heard.filter((one) => one.left).length;
    say(
      `${from + requests.length} requests, ${(requests.length / seconds).toFixed(1)} a second; ${levels()}`,
    );
    if (!compare) continue;
    for (const [at, one] of heard.entries()) {
      const alone = await model.complete((requests[at] as Mixed).alone);
      compared += 1;
      if (one.left ? alone.text.startsWith(one.text) : alone.text === one.text) continue;
      different += 1;
      say(`request ${from + at}: ${JSON.stringify(one.text)}, alone ${JSON.stringify(alone.text)}`);
    }
  }
  await server.stop();
  say(`${count} requests, ${left} left early; ${compared} compared, ${different} differ`);
  return different === 0 ? 0 : 1;
}

process.exitCode = await main();

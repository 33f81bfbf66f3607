/**
 * `npm run check:serve`: many streaming clients of the built `msd serve`, with pictures, seeds, penalties, schemas and stop
 * texts, a third of whom leave. Each text must be the one that the model writes alone, byte for byte. Memory and open files
 * of server and engine are told beside; with `--soak` they are what is judged. Exits 1 where a text differs, memory
 * grows, a file stays open or a request fails.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from '@commander-js/extra-typings';
import { TINY_PAIR } from '../../src/checkpoint/testing/tiny-pair.ts';
import { load } from '../../src/load.ts';
import { hearAll, type Mixed, mixed } from '../../src/serve/testing/mixture.ts';
import { serveMsd } from '../../src/serve/testing/serve-msd.ts';

/** Of a soak: its first part, in which memory may grow, and by how much it may after that. */
const WARM_UP = 0.25;
const FLAT = 1.05;
/** Milliseconds in which a server lets go of connections that say nothing. */
const IDLE = 12_000;
/** Requests that are heard before memory and files are looked at again. */
const ROUND = 250;

const {
  requests: count,
  clients,
  soak,
} = new Command('check:serve')
  .description(
    'Asks a server as many clients do, and compares every text with the one written alone.',
  )
  .option('--requests <n>', 'how many in all', Number, 1000)
  .option('--clients <n>', 'how many at once', Number, 64)
  .option('--soak', 'memory and open files alone, judged')
  .parse()
  .opts();

const say = (line: string) => void process.stdout.write(`${line}\n`);

interface Levels {
  /** Resident memory. */
  readonly mib: number;
  /** Open files and sockets. */
  readonly files: number;
}

function levelsOf(pid: number): Levels {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = Number(status.match(/VmRSS:\s+(\d+)/)?.[1]) / 1024;
  return { mib, files: readdirSync(`/proc/${pid}/fd`).length };
}

const told = ({ mib, files }: Levels): string => `${mib.toFixed(0)} MiB, ${files} files`;

/** How a process went through a soak: what it held after each round, and whether that stayed. */
function judge(name: string, rounds: readonly Levels[], first: Levels, last: Levels): boolean {
  const warm = rounds.slice(Math.floor(rounds.length * WARM_UP));
  const mean = (some: readonly Levels[]) =>
    some.reduce((sum, { mib }) => sum + mib, 0) / Math.max(1, some.length);
  const third = Math.ceil(warm.length / 3);
  const growth = mean(warm.slice(-third)) / mean(warm.slice(0, third));
  const flat = growth <= FLAT && last.files <= first.files;
  const percent = `${((growth - 1) * 100).toFixed(1)} %`;
  say(
    `${name}: memory ${percent} from the first to the last third after the warm-up; ${first.files} files at first, ${last.files} in the end${flat ? '' : ': NOT flat'}`,
  );
  return flat;
}

const engineOf = (pid: number): number =>
  Number(
    execFileSync('sh', ['-c', `cat /proc/${pid}/task/*/children`], { encoding: 'utf8' }).trim(),
  );

async function main(): Promise<number> {
  const server = await serveMsd(['--parallel', '16', '--queue', String(clients)]);
  const engine = engineOf(server.pid);
  const all = () => [levelsOf(server.pid), levelsOf(engine)] as const;
  const levels = () => {
    const [ofServer, ofEngine] = all();
    return `server ${told(ofServer)}; engine ${told(ofEngine)}`;
  };
  const first = all();
  const rounds: [Levels[], Levels[]] = [[], []];
  const model = soak ? null : await load({ ...TINY_PAIR, thread: false });
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
    for (const [at, one] of all().entries()) rounds[at]?.push(one);
    if (model === null) continue;
    for (const [at, one] of heard.entries()) {
      const alone = await model.complete((requests[at] as Mixed).alone);
      compared += 1;
      if (one.left ? alone.text.startsWith(one.text) : alone.text === one.text) continue;
      different += 1;
      say(`request ${from + at}: ${JSON.stringify(one.text)}, alone ${JSON.stringify(alone.text)}`);
    }
  }
  await model?.dispose();
  await sleep(IDLE); // connections that are kept alive end
  const last = all();
  const flat =
    !soak ||
    ['server', 'engine']
      .map((name, at) => judge(name, rounds[at] ?? [], first[at] as Levels, last[at] as Levels))
      .every(Boolean);
  const lost = await lostEngines(server.url);
  await server.stop();
  say(
    `${count} requests, ${left} left early; ${compared} compared, ${different} differ; ${lost} engines lost`,
  );
  return different === 0 && flat && lost === 0 ? 0 : 1;
}

async function lostEngines(url: string): Promise<number> {
  const status = (await (await fetch(`${url}/v1/msd/status`)).json()) as { engines_lost: number };
  return status.engines_lost;
}

process.exitCode = await main();

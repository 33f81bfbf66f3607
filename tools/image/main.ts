/**
 * `npm run check:image`: builds `docs/serve/Dockerfile` as it stands, runs the image, asks it, and stops it while it answers.
 * Exits 1 where something of that is not as the docs say. Takes docker or podman; what podman has to know of a machine, as
 * its limits and certificates, stands in the file that CONTAINERS_CONF names.
 */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Command } from '@commander-js/extra-typings';
import { makeStandIn } from './stand-in.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCKERFILE = join(ROOT, 'docs/serve/Dockerfile');
const [IMAGE, BASE, NAME] = ['msd-check', 'msd-check-base', 'msd-check-run'];
const PORT = 4572;
const KEY = 'secret';
/** Seconds in which it has to be ready, and those that a stop may take. */
const READY = 120;
const STOP = 45;

const { program, standIn } = new Command('check:image')
  .description('Builds the image of the docs, and tries it.')
  .option('--program <name>', 'docker or podman', 'docker')
  .option('--stand-in', 'over a base that is made here, for lack of a registry of images')
  .parse()
  .opts();

const url = `http://127.0.0.1:${PORT}`;
const execute = promisify(execFile);
const run = async (...given: string[]): Promise<string> =>
  (await execute(program, given)).stdout.trim();
const show = (...given: string[]) =>
  void execFileSync(program, given, { stdio: ['ignore', 'inherit', 'inherit'] });
const ask = (content: string, rest: object): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body: JSON.stringify({ messages: [{ role: 'user', content }], temperature: 0, ...rest }),
  });

let failed = false;
function told(what: string, ok: boolean): void {
  failed ||= !ok;
  process.stdout.write(`${what}: ${ok ? 'good' : 'FAILED'}\n`);
}

async function build(): Promise<void> {
  const [, base = ''] = readFileSync(DOCKERFILE, 'utf8').match(/^FROM (\S+)/m) ?? [];
  if (standIn) makeStandIn(program, base, BASE);
  const given = standIn ? ['--build-context', `${base}=docker-image://${BASE}`] : [];
  show('build', '--network', 'host', ...given, '-f', DOCKERFILE, '-t', IMAGE, ROOT);
  const bytes = Number(await run('image', 'inspect', '--format', '{{.Size}}', IMAGE));
  process.stdout.write(`built: ${(bytes / 1e6).toFixed(0)} MB\n`);
}

async function start(): Promise<void> {
  const settings = { MSD_HOST: '127.0.0.1', MSD_PORT: String(PORT), MSD_API_KEY: KEY };
  const variables = Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const flags = ['--init', '--stop-timeout', String(STOP), '--network', 'host', ...variables];
  await run('run', '--detach', '--name', NAME, ...flags, IMAGE);
  const answers = () => fetch(`${url}/ready`).catch(() => null);
  for (let second = 0; second < READY && !(await answers())?.ok; second += 1) await sleep(1000);
}

async function tryIt(): Promise<void> {
  told('health', (await fetch(`${url}/health`)).status === 200);
  told('refusal without a key', (await fetch(`${url}/v1/models`)).status === 401);
  const answer = (await (await ask('Name an animal.', { max_tokens: 20 })).json()) as {
    choices?: [{ message: { content: string } }];
  };
  told('answer', /\w/.test(answer.choices?.[0].message.content ?? ''));
  told('user', (await run('exec', NAME, 'id', '-un')) === 'node');
  const test = await run(
    'image',
    'inspect',
    '--format',
    '{{json .Config.Healthcheck.Test}}',
    IMAGE,
  );
  const [, ...command] = JSON.parse(test) as [kind: string, ...command: string[]];
  told('health check', (await run('exec', NAME, ...command)) === ''); // a failure throws
}

/** Stops it once a stream has begun, which has to come to its end. */
async function stop(): Promise<void> {
  const asked = { max_tokens: 300, ignore_eos: true, stream: true };
  const { body } = await ask('Write a story.', asked);
  let text = '';
  let stopped: Promise<unknown> | undefined;
  let from = 0;
  for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    from ||= performance.now();
    stopped ??= run('stop', NAME);
  }
  await stopped;
  const seconds = (performance.now() - from) / 1000;
  told('stream of one that is stopped', text.trimEnd().endsWith('data: [DONE]'));
  const code = await run('inspect', '--format', '{{.State.ExitCode}}', NAME);
  told(`exit code ${code} after ${seconds.toFixed(1)} s`, code === '0' && seconds < STOP);
}

try {
  await build();
  await start();
  await tryIt();
  await stop();
} catch (error) {
  told(String(error), false);
  await run('logs', NAME).then(console.log, () => {});
} finally {
  await run('rm', '--force', NAME).catch(() => {});
  for (const image of standIn ? [IMAGE, BASE] : [IMAGE]) {
    await run('image', 'rm', image).catch(() => {});
  }
}
process.exitCode = failed ? 1 : 0;

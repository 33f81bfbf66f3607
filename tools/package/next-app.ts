import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const FILES = {
  'next.config.mjs': `export default { serverExternalPackages: ['msd-ts'] };`,
  'app/layout.js': `export default ({ children }) => <html><body>{children}</body></html>;`,
  'app/api/route.js': `
    import { load } from 'msd-ts';
    export const dynamic = 'force-dynamic';
    export async function GET() {
      const model = await load({ threads: 1 });
      const { ids } = await model.complete({ prompt: 'Count from 3 to 10.', maxTokens: 12, ignoreEos: true });
      await model.dispose();
      return Response.json(ids.length);
    }`,
};

const PORT = 4571;
const TRIES = 30;

/** Whether a route of a built Next app answers. */
export async function nextAnswer(
  folder: string,
  bundler: 'turbopack' | 'webpack',
): Promise<boolean> {
  mkdirSync(join(folder, 'app/api'), { recursive: true });
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  rmSync(join(folder, '.next'), { recursive: true, force: true });
  const cli = join(folder, 'node_modules/next/dist/bin/next');
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  execFileSync(process.execPath, [cli, 'build', `--${bundler}`], { cwd: folder, env });
  const server = spawn(process.execPath, [cli, 'start', '-p', String(PORT)], { cwd: folder, env });
  try {
    return (await answer()) === '12';
  } finally {
    server.kill();
    if (server.exitCode === null) await once(server, 'exit');
  }
}

/** Of the route, once the server is up. */
async function answer(): Promise<string | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    await sleep(1000);
    const response = await fetch(`http://127.0.0.1:${PORT}/api`).catch(() => undefined);
    if (response !== undefined) return response.text();
  }
  return undefined;
}

/** The built `msd serve` with the model that the package brings, as a visitor starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endWithThis } from '../../src/testing/end-with-this.ts';

export interface Served {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export async function serveDefault(): Promise<Served> {
  const args = ['dist/cli/main.js', 'serve', '--port', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  endWithThis(child);
  let told = '';
  for await (const text of child.stderr.setEncoding('utf8')) {
    told += text;
    if (told.includes('Ready: ')) break;
  }
  const url = told.match(/Listening at (\S+);/)?.[1];
  if (url === undefined) throw new Error(`msd serve was not ready: ${told}`);
  return {
    url,
    async stop() {
      child.kill('SIGINT');
      await once(child, 'close');
    },
  };
}

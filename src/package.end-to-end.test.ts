/** The package as others get it: packed, unpacked beside its dependencies, imported by its names. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'msd-package-'));

beforeAll(() => {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  const tarball = execFileSync('npm', pack, { cwd: ROOT, encoding: 'utf8' }).trim();
  execFileSync('tar', ['-xf', tarball], { cwd: folder });
  execFileSync('mv', ['package', join('node_modules', 'msd-ts')], { cwd: folder });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a program of a user says, as JSON. */
function said(program: string): unknown {
  writeFileSync(join(folder, 'program.ts'), program);
  const compile = [
    join(ROOT, 'node_modules/typescript/bin/tsc'),
    ...['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--skipLibCheck'],
    ...['--module', 'nodenext', '--target', 'es2022', '--types', 'node', 'program.ts'],
  ];
  execFileSync(process.execPath, compile, { cwd: folder, stdio: 'pipe', encoding: 'utf8' });
  return JSON.parse(
    execFileSync(process.execPath, ['program.js'], { cwd: folder, encoding: 'utf8' }),
  );
}

describe('the package', () => {
  it('has nothing that publint would change', async () => {
    expect((await publint({ pkgDir: ROOT, pack: false, strict: true })).messages).toEqual([]);
  });

  it('lets an engine be put together, served at a port and asked there', () => {
    const program = `
      import { MessageChannel } from 'node:worker_threads';
      import { connectEngine, createEngine, ContextLengthError, eventStream, servePort } from 'msd-ts/engine';
      import type { CallerPort, Engine, EnginePort, GenerateOptions, Host, LoadSettings } from 'msd-ts/engine';
      import { createNodeHost, readPicture } from 'msd-ts/node';

      const models = new URL('models/tiny/', import.meta.resolve('msd-ts/engine').replace(/dist.*/, ''));
      const folder = (name: string) => decodeURIComponent(new URL(name, models).pathname);
      const settings: LoadSettings = { model: folder('target'), draft: folder('draft'), device: 'cpu', threads: 1 };
      const { port1, port2 } = new MessageChannel();
      const there: CallerPort = {
        send: (message) => port2.postMessage(message),
        listen: (handle) => port2.on('message', handle),
      };
      servePort(there, async (settings, tell): Promise<Engine> => {
        const host: Host = await createNodeHost(settings, tell);
        return createEngine(host, settings);
      });
      const here: EnginePort = {
        sharesMemory: false,
        send: (message) => port1.postMessage(message),
        listen: (handle) => port1.on('message', handle),
        hold: () => {},
        close: async () => port1.close(),
      };
      const engine = await connectEngine(here, settings);
      const ask = async (options: GenerateOptions) => {
        for await (const event of eventStream(engine, options, readPicture)) {
          if (event.type === 'done') return event.result.ids.length;
        }
        return 0;
      };
      const answered = await ask({ prompt: 'Count from 3 to 10.', maxTokens: 12, ignoreEos: true });
      const refused = await ask({ prompt: 'a '.repeat(3000) }).catch((error: unknown) => error);
      await engine.dispose();
      console.log(JSON.stringify([answered, refused instanceof ContextLengthError && refused.code]));
    `;
    expect(said(program)).toEqual([12, 'context_length_exceeded']);
  });

  it('is one library, whichever of its names is imported', () => {
    const program = `
      import * as library from 'msd-ts';
      import * as engine from 'msd-ts/engine';
      console.log(JSON.stringify(library.OptionError === engine.OptionError));
    `;
    expect(said(program)).toBe(true);
  });
});

/**
 * `npm run check:described`: schemathesis over OpenAI's published description, a copy of which is given by its path, against
 * the built `msd serve`. No answer may be a 500, and those of success must be as described. Exits 1 otherwise. Needs a Python
 * with `tools/serve/requirements.txt`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import { serveMsd } from '../../src/serve/testing/serve-msd.ts';

const OPERATIONS = [
  ...['createChatCompletion', 'createCompletion', 'createResponse', 'listModels', 'retrieveModel'],
];
const CHECKS = 'not_a_server_error,response_schema_conformance,content_type_conformance';

const { python, description, examples } = new Command('check:described')
  .description("Tries a server by OpenAI's published description (openai/openai-openapi).")
  .requiredOption('--python <path>', 'a Python that has tools/serve/requirements.txt')
  .requiredOption('--description <path>', 'a copy of the description, YAML or JSON')
  .option('--examples <n>', 'most cases of each of five operations', Number, 500)
  .parse()
  .opts();

const server = await serveMsd(['--queue', '1000', '--name', 'tiny', '--answer-seconds', '20']);
const folder = mkdtempSync(join(tmpdir(), 'msd-described-'));
const child = spawn(
  resolve(python),
  [
    ...['-m', 'schemathesis.cli', 'run', resolve(description), '-u', `${server.url}/v1`],
    ...OPERATIONS.flatMap((name) => ['--include-operation-id', name]),
    ...['-c', CHECKS, '--phases', 'fuzzing', '-n', String(examples), '--request-timeout', '60'],
    ...['--suppress-health-check', 'all', '--generation-database', 'none', '--no-color'],
  ],
  {
    ...{ cwd: folder, stdio: 'inherit' }, // it writes where it stands
    env: {
      ...process.env,
      PYTHONPATH: fileURLToPath(new URL('.', import.meta.url)),
      SCHEMATHESIS_HOOKS: 'described_hooks',
    },
  },
);
const [status] = await once(child, 'exit');
const answers = server.log().filter(({ msg }) => msg === 'answered');
const bugs = server.log().filter(({ status: code, msg }) => code === 500 || msg === 'bug');
await server.stop();
rmSync(folder, { recursive: true });
for (const code of new Set(answers.map(({ status: one }) => one))) {
  const count = answers.filter(({ status: one }) => one === code).length;
  process.stdout.write(`${count} answers with ${code}\n`);
}
for (const bug of bugs) process.stdout.write(`${JSON.stringify(bug)}\n`);
process.exitCode = status === 0 && bugs.length === 0 ? 0 : 1;

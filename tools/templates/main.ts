/**
 * `npm run check:templates`: whether templates come out here as in jinja2, set up by Hugging Face's own code: our
 * snippets, templates drawn at random, and the chat templates that llama.cpp and TRL publish. `--record` writes down what
 * jinja2 makes of the snippets, for `npm test`, and the report. Installs its packages from PyPI the first time. Exits 1 on
 * a difference, 2 if it can't compare.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { MsdError } from '../../src/contracts/errors.ts';
import { cacheFolder } from '../../src/engine/node/cache-folder.ts';
import { openPython } from '../../src/evaluate/rivals/open-python.ts';
import { readTopics } from '../../src/input/template/testing/snippets.ts';
import { CheckFailure } from '../python/check-failure.ts';
import { checkWritten, compareCases, compareTopic, writeTopic } from './compare.ts';
import { chatCases } from './conversations.ts';
import { type Jinja2, openJinja2 } from './jinja2.ts';
import { type Published, readPublished } from './published.ts';
import { drawTemplates, drawTopic, RANDOM_TOPIC, RANDOM_VARIABLES } from './random-templates.ts';
import { type Group, holds, renderReport, type TemplateResult } from './report.ts';

const REPORT = new URL('../../docs/results/templates.md', import.meta.url);

const program = new Command('check:templates')
  .description('Compares what templates write with jinja2.')
  .option('--record', 'write down what jinja2 makes of the snippets, and the report')
  .option('--count <n>', 'templates to draw', whole, 4000)
  .option('--seed <n>', 'seed of the draws', whole, 2)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse();

function whole(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number, at least 1.');
}

const say = (line: string) => void process.stderr.write(`${line}\n`);
const { record = false, count, seed } = program.opts();
const folder = join(cacheFolder(), 'templates');
try {
  const python = await openPython({
    python: 'python3',
    folder: join(folder, 'python'),
    packages: 'jinja2 and transformers',
    requirements: fileURLToPath(new URL('requirements.txt', import.meta.url)),
    say,
  });
  const published = await readPublished(python, join(folder, 'packages'));
  const jinja2 = await openJinja2(python);
  try {
    process.exitCode = (await check(jinja2, published)) ? 0 : 1;
  } finally {
    await jinja2.close();
  }
} catch (error) {
  if (!(error instanceof CheckFailure) && !MsdError.is(error)) throw error;
  say(`error: ${error.message}`);
  process.exitCode = 2;
}

async function check(jinja2: Jinja2, published: readonly Published[]): Promise<boolean> {
  const written = readTopics();
  const ours = written.filter(({ name }) => name !== RANDOM_TOPIC);
  const topics: Group[] = [];
  for (const topic of record ? [...ours, drawTopic()] : written) {
    const { snippets, tally } = await compareTopic(jinja2, topic, say);
    if (record) writeTopic({ ...topic, snippets });
    else checkWritten(topic, snippets);
    topics.push({ name: topic.name, tally });
  }
  const draws = drawTemplates(count, seed).map((template) => ({
    name: 'drawn',
    template,
    variables: RANDOM_VARIABLES,
  }));
  const random = { name: 'drawn at random', tally: await compareCases(jinja2, draws, say) };
  const templates: TemplateResult[] = [];
  for (const { name, source, template } of published) {
    const cases = chatCases().map((one) => ({
      name: `${name}, ${one.name}`,
      template,
      variables: one.variables,
    }));
    const digest = createHash('sha256').update(template).digest('hex');
    templates.push({ name, source, digest, tally: await compareCases(jinja2, cases, say) });
  }
  const result = { versions: jinja2.versions, topics, random, published: templates };
  if (record) writeFileSync(REPORT, renderReport(result));
  else process.stdout.write(renderReport(result));
  return holds(result);
}

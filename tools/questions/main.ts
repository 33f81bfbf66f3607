/**
 * `npm run make:questions -- --out DIR`: what a model is asked about pictures, as lines of dialogues. `greedy.jsonl` and
 * `sampled.jsonl` are for `msd harvest` to have answered and for `msd train recycled` to make the embedded model's table of,
 * about emoji and flags that names were learnt from. `taught.jsonl`, `flags.jsonl`, `documents.jsonl`, `forms.jsonl` and
 * `charts.jsonl` have true answers, for `msd train target`; `texts.jsonl` is for the target to answer itself. `held-out.jsonl` is to measure with. The pictures' packages are fetched the first time.
 */
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { wholeNumber } from '../../src/cli/flags/parse-flags.ts';
import { MsdError } from '../../src/contracts/errors.ts';
import { cacheFolder } from '../../src/engine/node/cache-folder.ts';
import { seededDraws } from '../../src/evaluate/bench-world.ts';
import { EMOJIBASE, emojiConcepts } from '../../src/evaluate/pictures/emoji-concepts.ts';
import { fetchPackage } from '../../src/evaluate/pictures/fetch-packages.ts';
import { openFonts } from '../../src/evaluate/pictures/fonts.ts';
import { openVega } from '../../src/evaluate/vega-draw.ts';
import { readText } from '../../src/read-text.ts';
import { ARTISTS, openArtist } from '../names/artists.ts';
import { chartDialogues } from './chart-dialogues.ts';
import { documentDialogues } from './document-dialogues.ts';
import { flagDialogues } from './flag-dialogues.ts';
import { formDialogues } from './form-dialogues.ts';
import { heldOutQuestions } from './held-out-questions.ts';
import { learntQuestions } from './learnt-questions.ts';
import { taughtDialogues } from './taught-dialogues.ts';
import { textQuestions } from './text-questions.ts';
import { writeQuestions } from './write-questions.ts';

const { out, ...counts } = new Command('make:questions')
  .description(
    'Writes questions and dialogues: for a table to be made of, for a target to learn from, to measure both with.',
  )
  .requiredOption('--out <dir>', 'where they go, with their pictures')
  .option('--learnt <n>', 'about pictures that names were learnt from', wholeNumber, 1200)
  .option(
    '--taught <n>',
    'dialogues with true answers, for a target to learn from',
    wholeNumber,
    2400,
  )
  .option('--flags <n>', 'dialogues about flags, the same', wholeNumber, 400)
  .option('--documents <n>', 'dialogues about documents, the same', wholeNumber, 400)
  .option('--forms <n>', 'dialogues about made-up forms, the same', wholeNumber, 600)
  .option('--charts <n>', 'dialogues about charts, the same', wholeNumber, 800)
  .option('--texts <n>', 'questions without a picture', wholeNumber, 1600)
  .option('--held-out <n>', 'of each of three tasks that no table is made of', wholeNumber, 30)
  .parse()
  .opts();

const packages = join(cacheFolder(), 'pictures');
const say = (line: string) => void process.stderr.write(`${line}\n`);
try {
  const concepts = await emojiConcepts(await fetchPackage(packages, EMOJIBASE, say));
  const artists = [];
  for (const artist of ARTISTS.filter(({ heldOut }) => !heldOut)) {
    artists.push({ name: artist.name, ...(await openArtist(artist, packages, say)) });
  }
  const learnt = await learntQuestions(counts.learnt, {
    concepts,
    artists,
    random: seededDraws(1),
  });
  const half = Math.ceil(learnt.length / 2);
  await writeQuestions(out, 'greedy.jsonl', learnt.slice(0, half));
  await writeQuestions(out, 'sampled.jsonl', learnt.slice(half));
  const taught = await taughtDialogues(counts.taught, {
    concepts,
    artists,
    random: seededDraws(3),
  });
  await writeQuestions(out, 'taught.jsonl', taught);
  const flags = await flagDialogues(counts.flags, { concepts, artists, random: seededDraws(5) });
  await writeQuestions(out, 'flags.jsonl', flags);
  await openFonts(packages, say);
  const documents = await documentDialogues(counts.documents, readText);
  await writeQuestions(out, 'documents.jsonl', documents);
  const forms = await formDialogues(counts.forms, readText);
  await writeQuestions(out, 'forms.jsonl', forms);
  const draw = await openVega();
  if (draw === null) throw new TypeError('vega is among the packages of this repository');
  const charts = await chartDialogues(counts.charts, draw, readText);
  await writeQuestions(out, 'charts.jsonl', charts);
  const texts = textQuestions(counts.texts, { concepts, random: seededDraws(4) });
  await writeQuestions(out, 'texts.jsonl', texts);
  const heldOut = await heldOutQuestions(counts.heldOut, { packages, say, random: seededDraws(2) });
  await writeQuestions(out, 'held-out.jsonl', heldOut);
  const dialogues = [taught, flags, documents, forms, charts].reduce(
    (sum, of) => sum + of.length,
    0,
  );
  say(
    `${out}: ${learnt.length + texts.length} questions and ${dialogues} dialogues to learn from, ${heldOut.length} questions to measure with`,
  );
} catch (error) {
  if (!MsdError.is(error)) throw error;
  say(`error: ${error.message}`);
  process.exitCode = 1;
}

import sharp from 'sharp';
import { bounds, share, times } from '../figures.ts';
import { type Fact, type ReportSection, reportPage, type ShownPicture } from '../report-page.ts';
import type { Suite } from './suite.ts';
import type { EvalReport, QuestionReport, SuiteReport } from './suite-report.ts';
import { SUITE_HEAD, SUITE_NOTES, suiteCells } from './suite-text.ts';

/** Pictures shown of each kind and suite. */
const SHOWN = 18;
const THUMBNAIL = 96;

/** A report as one HTML page that needs nothing but itself, with pictures of right and of wrong answers. */
export async function evalPage(
  report: EvalReport,
  suites: ReadonlyMap<string, Suite>,
): Promise<string> {
  const { model, machine, maxTokens, lossless, ended } = report;
  const asked = report.suites.reduce((sum, suite) => sum + suite.asked, 0);
  const texts = lossless
    ? 'Every speculative answer was that of plain decoding, token for token.'
    : 'Some speculative answers DIFFER from those of plain decoding.';
  const facts: Fact[] = [
    ['Model', model.model],
    ['Draft', model.draft ?? 'none: likely tokens of earlier passes are recycled'],
    ['Precision', model.precision],
    ['Threads', String(model.threads)],
    ['Most tokens of an answer', String(maxTokens)],
    ['Machine', `${machine.cpu}, ${machine.cores} cores, node ${machine.node}`],
  ];
  return reportPage({
    title: 'What the model names',
    headline: `${asked} questions about pictures that it never saw${ended === 'complete' ? '' : ', interrupted'}. ${texts}`,
    facts,
    sections: [
      {
        title: 'Suites',
        blocks: [
          {
            kind: 'table',
            caption: SUITE_NOTES,
            head: SUITE_HEAD,
            rows: report.suites.map(suiteCells),
          },
        ],
      },
      ...(await Promise.all(
        report.suites.map((suite) => suiteSection(suite, suites.get(suite.name))),
      )),
    ],
  });
}

async function suiteSection(report: SuiteReport, suite: Suite | undefined): Promise<ReportSection> {
  const pictures = new Map(suite?.items.map(({ name, picture }) => [name, picture]));
  const of = (right: boolean) =>
    spreadOut(
      report.questions.filter((question) => question.right === right),
      SHOWN,
    );
  const shown = (questions: readonly QuestionReport[]) =>
    Promise.all(questions.map((question) => show(question, pictures.get(question.name))));
  const { asked, right, rightInterval, speedUp, missing } = report;
  const gone = missing.length === 0 ? '' : ` Missing: ${missing.join(', ')}.`;
  return {
    title: report.title,
    blocks: [
      {
        kind: 'text',
        text: `${share(right)} of ${asked} right (${bounds(rightInterval)}), ${times(speedUp ?? undefined)} of plain's speed.${gone}`,
      },
      { kind: 'text', text: 'Wrong:' },
      { kind: 'pictures', pictures: await shown(of(false)) },
      { kind: 'text', text: 'Right:' },
      { kind: 'pictures', pictures: await shown(of(true)) },
    ],
  };
}

/** So many of them, evenly from the first to the last: neither the best nor the worst. */
function spreadOut<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)] as T);
}

async function show(
  { name, text, question }: QuestionReport,
  picture: Uint8Array | undefined,
): Promise<ShownPicture> {
  const words = `${question} ${text.trim()}`;
  if (picture === undefined) return { source: 'data:,', name, words };
  const small = await sharp(picture)
    .resize(THUMBNAIL, THUMBNAIL, { fit: 'inside' })
    .flatten({ background: '#ffffff' })
    .webp({ quality: 70 })
    .toBuffer();
  return { source: `data:image/webp;base64,${small.toString('base64')}`, name, words };
}

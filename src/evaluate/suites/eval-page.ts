import sharp from 'sharp';
import { bounds, share, times } from '../figures.ts';
import {
  type Fact,
  PICTURE_SIDES,
  type PictureSize,
  type ReportBlock,
  type ReportSection,
  reportPage,
  type ShownPicture,
} from '../report-page.ts';
import type { RarityRow } from './acceptance-by-rarity.ts';
import { RARITY_HEAD, RARITY_NOTE, rarityCells, rarityPlot } from './rarity-rows.ts';
import type { Suite } from './suite.ts';
import type { EvalReport, GroupReport, QuestionReport, SuiteReport } from './suite-report.ts';
import {
  GROUP_HEAD,
  groupCells,
  SUITE_HEAD,
  SUITE_NOTES,
  suiteCells,
  wrongText,
} from './suite-text.ts';

/** Pictures shown of each kind and suite, and how large they are drawn: what is to be read, twice as large as it is shown. */
const SHOWN = { small: 18, large: 9 } as const;
const DRAWN_SIDES = { small: PICTURE_SIDES.small, large: 2 * PICTURE_SIDES.large } as const;

/** A report as one HTML page that needs nothing but itself, with pictures of right and of wrong answers. */
export async function evalPage(
  report: EvalReport,
  suites: ReadonlyMap<string, Suite>,
): Promise<string> {
  const { model, machine, maxTokens, lossless, ended, rarity } = report;
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
    title: 'What the model answers',
    headline: `${asked} questions that it never saw${ended === 'complete' ? '' : ', interrupted'}. ${texts}`,
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
      ...(await raritySection(rarity)),
    ],
  });
}

async function suiteSection(report: SuiteReport, suite: Suite | undefined): Promise<ReportSection> {
  const pictures = new Map(suite?.items.map(({ name, picture }) => [name, picture]));
  const size = suite?.isRead ? 'large' : 'small';
  const shown = async (title: string, right: boolean | null): Promise<ReportBlock[]> => {
    const all = report.questions.filter((question) => question.right === right);
    if (all.length === 0) return [];
    const some = spreadOut(all, SHOWN[size]);
    return [
      { kind: 'text', text: title },
      {
        kind: 'pictures',
        pictures: await Promise.all(some.map((one) => show(one, pictures.get(one.name), size))),
        size,
      },
    ];
  };
  const { asked, right, rightInterval, speedUp, missing, groups, failed } = report;
  const gone = missing.length === 0 ? '' : ` Missing: ${missing.join(', ')}.`;
  const known = rightInterval === null ? '' : ` (${bounds(rightInterval)})`;
  const facts = [
    right === null ? `${asked} asked` : `${share(right)} of ${asked} right${known}`,
    ...wrongText(report),
    ...(speedUp === null ? [] : [`${times(speedUp)} of plain's speed`]),
  ];
  return {
    title: report.title,
    blocks: [
      { kind: 'text', text: `${facts.join(', ')}.${gone}` },
      ...(groups.length === 0 ? [] : [groupTable(groups)]),
      ...failed.map(({ name, failure }) => {
        return { kind: 'text' as const, text: `${name} FAILED: ${failure}` };
      }),
      ...(await shown('Wrong:', false)),
      ...(await shown('Right:', true)),
      ...(await shown('Answers:', null)),
    ],
  };
}

/** Without columns that hold nothing. */
function groupTable(groups: readonly GroupReport[]): ReportBlock {
  const rows = groups.map(groupCells);
  const filled = GROUP_HEAD.map((_, column) => rows.some((cells) => cells[column] !== '-'));
  const kept = (cells: readonly string[]) => cells.filter((_, column) => filled[column]);
  return { kind: 'table', caption: '', head: kept(GROUP_HEAD), rows: rows.map(kept) };
}

/** So many of them, evenly from the first to the last: neither the best nor the worst. */
function spreadOut<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)] as T);
}

async function show(
  { name, text, question, characters }: QuestionReport,
  picture: Uint8Array | undefined,
  size: PictureSize,
): Promise<ShownPicture> {
  const read = characters ? `${characters.errors} of ${characters.of} characters wrong. ` : '';
  const words = `${read}${question} ${text.trim()}`;
  if (picture === undefined) return { name, words };
  const side = DRAWN_SIDES[size];
  const small = await sharp(picture)
    .rotate() // as its EXIF says
    .resize(side, side, { fit: 'inside' })
    .flatten({ background: '#ffffff' })
    .webp({ quality: 70 })
    .toBuffer();
  return { source: `data:image/webp;base64,${small.toString('base64')}`, name, words };
}

async function raritySection(rows: readonly RarityRow[]): Promise<ReportSection[]> {
  const svg = await rarityPlot(rows);
  if (svg === null) return [];
  return [
    {
      title: 'Guesses by the rarity of tokens',
      blocks: [
        { kind: 'figure', svg, caption: RARITY_NOTE },
        { kind: 'table', caption: '', head: RARITY_HEAD, rows: rows.map(rarityCells) },
      ],
    },
  ];
}

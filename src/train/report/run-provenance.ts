import { counted } from '../../contracts/counted.ts';
import type { Fact, ReportSection } from '../../evaluate/report-page.ts';
import { countWord, durationWord } from './report-numbers.ts';

/** What one needs to know to run the same training again. */
export interface RunProvenance {
  readonly trained: 'draft' | 'target';
  /** Folder or name of the target. */
  readonly model: string;
  /** Folder or name of the draft that training began with, where it did not begin from scratch. */
  readonly draft?: string;
  readonly precision: string;
  readonly device: string;
  readonly threads: number;
  readonly seed: number;
  /** As planned. */
  readonly steps: number;
  readonly started: Date;
  /** Spent on the run, pauses before a resume left out. */
  readonly seconds: number;
  /** Shown as JSON. */
  readonly config: unknown;
  readonly data: readonly DataFile[];
  /** By the name of the software. */
  readonly versions: Readonly<Record<string, string>>;
}

interface DataFile {
  readonly file: string;
  readonly sha256: string;
  readonly dialogues: number;
}

export function runFacts(run: RunProvenance): Fact[] {
  return [
    ['Target', run.model],
    ...(run.draft === undefined ? [] : [['Draft at the start', run.draft] as const]),
    ['Precision', run.precision],
    ['Device', `${run.device}, ${counted(run.threads, 'thread')}`],
    ['Seed', String(run.seed)],
    ['Steps planned', countWord(run.steps)],
    ['Started', `${run.started.toISOString().slice(0, 16).replace('T', ' ')} UTC`],
    ['Duration', durationWord(run.seconds)],
    [
      'Versions',
      Object.entries(run.versions)
        .map((pair) => pair.join(' '))
        .join(', '),
    ],
  ];
}

/** The data and the settings, at the end of the report. */
export function provenanceSection({ data, config }: RunProvenance): ReportSection {
  return {
    title: 'Data and settings',
    blocks: [
      {
        kind: 'facts',
        facts: data.map(({ file, sha256, dialogues }) => [
          file,
          `${countWord(dialogues)} dialogues, SHA-256 ${sha256}`,
        ]),
      },
      { kind: 'code', text: JSON.stringify(config, null, 2) },
    ],
  };
}

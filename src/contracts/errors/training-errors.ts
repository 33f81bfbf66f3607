/** Training, harvest and their data. */
import { counted } from '../counted.ts';
import { MsdError, type MsdErrorOptions } from './msd-error.ts';
import { anyOf, type Remedy } from './remedy.ts';

/** What is wrong with a file of training data, or with one record of it. */
export interface DataProblem {
  readonly file: string;
  /** Counted from 0: of the record in a JSON list, of the line in JSON Lines. Absent where the file as a whole is meant. */
  readonly index?: number;
  readonly reason: string;
  /** The record is whole, but no folder that was looked into holds its picture. */
  readonly missingPicture?: boolean;
}

/** Training data that can't be learned from as it stands. Whole files are never skipped, bad records if asked. */
export class TrainingDataError extends MsdError {
  override readonly name = 'TrainingDataError';
  override readonly code = 'training_data_invalid';
  readonly problems: readonly DataProblem[];
  /** Dialogues without a problem. */
  readonly usable: number;
  constructor(problems: readonly DataProblem[], usable: number) {
    const shown = problems.slice(0, SHOWN_PROBLEMS).map(({ file, index, reason }) => {
      const record = index === undefined ? '' : `, record ${index}`;
      return `\n  ${file}${record}: ${reason}.`;
    });
    const more = problems.length - shown.length;
    const skippable = usable > 0 && problems.every(({ index }) => index !== undefined);
    const count = `The training data has ${counted(problems.length, 'problem')} and ${counted(usable, 'dialogue')} that can be used:`;
    const remedies: Remedy[] = [];
    if (problems.some(({ missingPicture }) => missingPicture)) {
      const to = 'name the folder that pictures lie in';
      remedies.push({ kind: 'use-option', option: 'imageRoot', to });
    }
    if (skippable) {
      remedies.push({ kind: 'use-option', option: 'skipBad', to: 'leave bad records out' });
    }
    super(
      `${count}${shown.join('')}${more > 0 ? `\n  and ${more} more.` : ''}\nCorrect the files.`,
      { remedy: anyOf(remedies) },
    );
    this.problems = problems;
    this.usable = usable;
  }
}

const SHOWN_PROBLEMS = 20;

/** A run's config can't be read, or a key of it is unknown or has a value that isn't allowed. */
export class ConfigError extends MsdError {
  override readonly name = 'ConfigError';
  override readonly code = 'config_invalid';
  /** The key, as `optimiser.rate`; or the file, or the override, that can't be read. */
  readonly where: string;
  constructor(where: string, problem: string, options?: ErrorOptions) {
    super(`${where}: ${problem}`, options);
    this.where = where;
  }
}

/** A folder is no run's folder, or what a run wrote there is damaged. */
export class RunFolderError extends MsdError {
  override readonly name = 'RunFolderError';
  override readonly code = 'run_folder_invalid';
  readonly path: string;
  constructor(path: string, problem: string, options?: MsdErrorOptions) {
    super(`${path}: ${problem}`, options);
    this.path = path;
  }
}

/** Another process trains or harvests in the folder. */
export class RunLockedError extends MsdError {
  override readonly name = 'RunLockedError';
  override readonly code = 'run_locked';
  readonly lock: string;
  readonly pid: number;
  readonly host: string;
  constructor(lock: string, pid: number, host: string) {
    super(
      `${lock}: process ${pid} on ${host} works in this folder; wait for it, choose another folder, or delete the file if there is no such process.`,
    );
    this.lock = lock;
    this.pid = pid;
    this.host = host;
  }
}

/** A run would go on with a config, data or machine that gives other weights than the ones it began with. */
export class RunMismatchError extends MsdError {
  override readonly name = 'RunMismatchError';
  override readonly code = 'run_mismatched';
  readonly dir: string;
  readonly keys: readonly string[];
  /** @param differences each key with what it was and what it is, as `config.seed (was 1, is 2)` */
  constructor(dir: string, keys: readonly string[], differences: readonly string[]) {
    super(
      `${dir}: this run began with another ${differences.join(', ')}; give it the same again, or choose a new folder.`,
    );
    this.dir = dir;
    this.keys = keys;
  }
}

/** The disk is full while a run writes; nothing half-written stays. */
export class DiskFullError extends MsdError {
  override readonly name = 'DiskFullError';
  override readonly code = 'disk_full';
  readonly path: string;
  readonly neededBytes: number;
  /** Folder of the last whole checkpoint. */
  readonly lastGood: string | undefined;
  constructor(
    path: string,
    neededBytes: number,
    lastGood: string | undefined,
    options?: ErrorOptions,
  ) {
    super(
      `${path}: the disk is full and this file needs ${neededBytes} bytes; make room and start the run again. ${goesOn(lastGood)}`,
      options,
    );
    this.path = path;
    this.neededBytes = neededBytes;
    this.lastGood = lastGood;
  }
}

/** The loss, the gradient or a weight became NaN or infinite; nothing of it was saved. */
export class TrainingDivergedError extends MsdError {
  override readonly name = 'TrainingDivergedError';
  override readonly code = 'training_diverged';
  readonly step: number;
  /** Folder of the last whole checkpoint. */
  readonly lastGood: string | undefined;
  /** Where the step's dialogues stand; records counted from 0. */
  readonly places: readonly { readonly file: string; readonly index: number }[];
  /** @param what as `the loss is NaN` */
  constructor(
    step: number,
    what: string,
    lastGood: string | undefined,
    places: readonly { readonly file: string; readonly index: number }[],
  ) {
    const shown = places.slice(0, 3).map(({ file, index }) => `${file} record ${index}`);
    const more = places.length > shown.length ? ` and ${places.length - shown.length} more` : '';
    const look = shown.length > 0 ? `, or look at its dialogues (${shown.join(', ')}${more})` : '';
    super(
      `Step ${step}: ${what}; start a new run with a lower learning rate${look}. ${goesOn(lastGood)}`,
    );
    this.step = step;
    this.lastGood = lastGood;
    this.places = places;
  }
}

function goesOn(lastGood: string | undefined): string {
  return lastGood === undefined
    ? 'There is no checkpoint yet.'
    : `The last good checkpoint is ${lastGood}.`;
}

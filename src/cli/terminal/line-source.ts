import { clearScreenDown, createInterface, cursorTo, moveCursor } from 'node:readline';
import { PassThrough } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createPasteFilter, PASTE_MARKS, withoutSigns } from './paste-filter.ts';

/** Lines as someone types them, or as a pipe brings them. None is lost while an answer is written. */
export interface LineSource {
  /** The next line, which holds line ends if a block was pasted into it; null at the end. */
  next(prompt?: string): Promise<string | null>;
  /** Ends it at once, lines that wait included. */
  close(): void;
}

/** What could stand at the end of a line, and the part of the line that it takes the place of. */
export type Complete = (line: string) => [string[], string];

/** Whom certain keys call. */
interface Answers {
  readonly interrupt: () => void;
  readonly suspend: (resumed: () => void) => void;
  readonly complete: Complete;
}

type Keyboard = NodeJS.ReadableStream & { isTTY: boolean; setRawMode(mode: boolean): unknown };

/**
 * On a terminal the prompt is shown on `stderr`, since stdout is for answers alone. What is typed while no line is waited
 * for is not echoed into what is shown, and stands at the next prompt. Ctrl-C calls `interrupt`, but behind some text at
 * the prompt it clears that. Ctrl-Z gives the terminal back and calls `suspend`, which calls back when it may be taken again.
 */
export function createLineSource(
  stdin: Keyboard,
  stderr: NodeJS.WritableStream & { isTTY: boolean },
  { interrupt, suspend, complete }: Answers,
): LineSource {
  const terminal = stdin.isTTY && stderr.isTTY;
  const keys = terminal ? createKeys(stdin, { interrupt, stop: () => stop() }) : null;
  const reader = createInterface({
    ...{ input: keys?.stream ?? stdin, output: stderr, terminal },
    ...(terminal && { completer: complete }),
  });
  const lines: string[] = [];
  let ended = false;
  let wake = () => {};
  reader.on('line', (line) => {
    lines.push(terminal ? withoutSigns(line) : line);
    wake();
  });
  reader.on('close', () => {
    ended = true;
    wake();
  });
  reader.on('SIGINT', () => {
    if (reader.line === '') interrupt();
    else reader.write(null, { ctrl: true, name: 'u' });
  });
  let isAsking = false;
  const stop = () => {
    keys?.raw(false);
    stderr.write(PASTE_MARKS.off);
    suspend(() => {
      keys?.raw(true);
      if (!isAsking) return;
      stderr.write(PASTE_MARKS.on);
      reader.prompt(true);
    });
  };
  /** One line at the prompt, in front of which stands what was typed of it before. */
  const ask = async (prompt: string) => {
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    if (keys !== null) {
      stderr.write(PASTE_MARKS.on);
      reader.setPrompt(prompt);
      reader.prompt(true);
      isAsking = true;
      keys.letIn(true);
    }
    await woken;
    isAsking = false;
    if (keys === null) return;
    keys.letIn(false);
    stderr.write(PASTE_MARKS.off);
    if (ended) stderr.write('\n'); // whatever comes next does not stand behind the prompt
    if (reader.line !== '') hideTyped(stderr, reader.getCursorPos().rows);
  };
  return {
    async next(prompt = '> ') {
      if (lines.length === 0 && !ended) await ask(prompt);
      return lines.shift() ?? null;
    },
    close() {
      lines.length = 0;
      reader.close();
      keys?.close();
    },
  };
}

/** Takes the beginning of a next line off the screen, until it is asked for. */
function hideTyped(stderr: NodeJS.WritableStream, rows: number): void {
  moveCursor(stderr, 0, -rows);
  cursorTo(stderr, 0);
  clearScreenDown(stderr);
}

const CTRL_C = '\x03';
const CTRL_Z = '\x1a';

/** What is typed, with pasted blocks made fit for the line editor, let in to it or kept for later. */
function createKeys(
  stdin: Keyboard,
  { interrupt, stop }: { readonly interrupt: () => void; readonly stop: () => void },
) {
  const filter = createPasteFilter();
  const decoder = new StringDecoder('utf8');
  const keys = new PassThrough();
  let isIn = false;
  let kept = '';
  const take = (bytes: Buffer) => {
    const typed = filter(decoder.write(bytes));
    const text = typed.replaceAll(CTRL_Z, '');
    if (text !== typed) stop();
    if (text === '') return;
    if (isIn) keys.write(text);
    else if (!text.includes(CTRL_C)) kept += text;
    else {
      kept = '';
      interrupt();
    }
  };
  stdin.setRawMode(true);
  stdin.on('data', take);
  stdin.on('end', () => keys.end());
  return {
    // The line editor asks for raw keys itself, and ends that with itself.
    stream: Object.assign(keys, { isTTY: true, setRawMode: () => {} }),
    letIn(now: boolean) {
      isIn = now;
      if (!now || kept === '') return;
      keys.write(kept);
      kept = '';
    },
    raw: (mode: boolean) => stdin.setRawMode(mode),
    close() {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

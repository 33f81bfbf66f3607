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

type Keyboard = NodeJS.ReadableStream & { isTTY: boolean; setRawMode(mode: boolean): unknown };

/**
 * On a terminal the prompt is shown on `stderr`, since stdout is for answers alone. What is typed while no line is waited
 * for is not echoed into what is shown, and stands at the next prompt. Ctrl-C calls `interrupt`, but behind some text at
 * the prompt it clears that.
 */
export function createLineSource(
  stdin: Keyboard,
  stderr: NodeJS.WritableStream & { isTTY: boolean },
  { interrupt, complete }: { interrupt: () => void; complete: Complete },
): LineSource {
  const terminal = stdin.isTTY && stderr.isTTY;
  const keys = terminal ? createKeys(stdin, interrupt) : null;
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
  /** One line at the prompt, in front of which stands what was typed of it before. */
  const ask = async (prompt: string) => {
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    if (keys !== null) {
      stderr.write(PASTE_MARKS.on);
      reader.setPrompt(prompt);
      reader.prompt(true);
      keys.letIn(true);
    }
    await woken;
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

/** What is typed, with pasted blocks made fit for the line editor, let in to it or kept for later. */
function createKeys(stdin: Keyboard, interrupt: () => void) {
  const filter = createPasteFilter();
  const decoder = new StringDecoder('utf8');
  const keys = new PassThrough();
  let isIn = false;
  let kept = '';
  const take = (bytes: Buffer) => {
    const text = filter(decoder.write(bytes));
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
    close() {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

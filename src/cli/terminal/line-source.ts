import { createInterface } from 'node:readline';
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
 * On a terminal the prompt is shown on `stderr`, since stdout is for answers alone. Ctrl-C at an empty prompt calls
 * `interrupt`, one behind some text clears it; while no line is waited for, Ctrl-C is the process's SIGINT.
 */
export function createLineSource(
  stdin: Keyboard,
  stderr: NodeJS.WritableStream & { isTTY: boolean },
  { interrupt, complete }: { interrupt: () => void; complete: Complete },
): LineSource {
  const terminal = stdin.isTTY && stderr.isTTY;
  const input = terminal ? filtered(stdin) : stdin;
  const reader = createInterface({
    ...{ input, output: stderr, terminal },
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
  /** One line at the prompt. What is typed while nobody waits stays in the terminal until the next prompt. */
  const ask = async (prompt: string) => {
    if (terminal) {
      stdin.setRawMode(true);
      stderr.write(PASTE_MARKS.on);
      reader.setPrompt(prompt);
      reader.prompt();
      stdin.resume();
    }
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
    if (!terminal) return;
    stderr.write(PASTE_MARKS.off);
    stdin.pause();
    if (ended) {
      stderr.write('\n'); // whatever comes next does not stand behind the prompt
      return;
    }
    reader.pause();
    stdin.setRawMode(false);
  };
  return {
    async next(prompt = '> ') {
      if (lines.length === 0 && !ended) await ask(prompt);
      return lines.shift() ?? null;
    },
    close() {
      lines.length = 0;
      reader.close();
      if (!terminal) return;
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

/** What is typed, with pasted blocks made fit for the line editor. */
function filtered(stdin: Keyboard): Keyboard {
  const filter = createPasteFilter();
  const decoder = new StringDecoder('utf8');
  const keys = new PassThrough();
  stdin.on('data', (bytes: Buffer) => keys.write(filter(decoder.write(bytes))));
  stdin.on('end', () => keys.end());
  stdin.pause();
  return Object.assign(keys, {
    isTTY: true,
    setRawMode: (mode: boolean) => stdin.setRawMode(mode),
  });
}

import { createInterface } from 'node:readline';

/** Lines as someone types them, or as a pipe brings them. None is lost while an answer is written. */
export interface LineSource {
  /** The next line; null at the end. */
  next(): Promise<string | null>;
  /** Ends it at once, lines that wait included. */
  close(): void;
}

/**
 * On a terminal the prompt is shown on `stderr`, since stdout is for answers alone. Ctrl-C at an empty prompt calls
 * `interrupt`, one behind some text clears it; while no line is waited for, Ctrl-C is the process's SIGINT.
 */
export function createLineSource(
  stdin: NodeJS.ReadableStream & { isTTY: boolean; setRawMode(mode: boolean): unknown },
  stderr: NodeJS.WritableStream & { isTTY: boolean },
  interrupt: () => void,
): LineSource {
  const terminal = stdin.isTTY && stderr.isTTY;
  const reader = createInterface({ input: stdin, output: stderr, terminal, prompt: '> ' });
  const lines: string[] = [];
  let ended = false;
  let wake = () => {};
  reader.on('line', (line) => {
    lines.push(line);
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
  const ask = async () => {
    if (terminal) stdin.setRawMode(true);
    if (terminal) reader.prompt();
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
    if (!terminal) return;
    if (ended) {
      stderr.write('\n'); // whatever comes next does not stand behind the prompt
      return;
    }
    reader.pause();
    stdin.setRawMode(false);
  };
  return {
    async next() {
      if (lines.length === 0 && !ended) await ask();
      return lines.shift() ?? null;
    },
    close() {
      lines.length = 0;
      reader.close();
    },
  };
}

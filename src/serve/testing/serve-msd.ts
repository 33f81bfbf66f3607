import { startMsd } from '../../cli/testing/run-msd.ts';

/** The built program, serving. */
export interface ServedMsd {
  readonly url: string;
  readonly pid: number;
  /** What it told when it was ready. */
  readonly told: string;
  /** Lines of its log so far. */
  readonly log: () => readonly Readonly<Record<string, unknown>>[];
  /** Ends it as a terminal does, and gives its exit code. */
  readonly stop: () => Promise<number | null>;
}

/** Starts `msd serve` at a free port, and waits until it is ready. */
export async function serveMsd(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<ServedMsd> {
  const { child, until, outcome } = startMsd(['serve', '--port', '0', ...args], env);
  let [errors, lines] = ['', ''];
  child.stderr.on('data', (text: string) => {
    errors += text;
  });
  child.stdout.on('data', (text: string) => {
    lines += text;
  });
  await until('stderr', /Ready: /);
  const [, url = ''] = errors.match(/Listening at (\S+);/) ?? [];
  return {
    url,
    pid: child.pid as number,
    told: errors,
    log: () =>
      lines
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    async stop() {
      child.kill('SIGINT');
      return (await outcome).code;
    },
  };
}

import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { fakeStream } from '../testing/fake-stream.ts';
import { createLineSource } from './line-source.ts';

const CTRL_C = '\u{3}';
const CTRL_D = '\u{4}';

function sourceOn(kind: 'colours' | 'pipe') {
  const stdin = fakeStream(kind).stream.removeAllListeners('data');
  const stderr = fakeStream(kind);
  const interrupt = vi.fn();
  const suspend = vi.fn<(resumed: () => void) => void>();
  const raw = vi.spyOn(stdin, 'setRawMode');
  const source = createLineSource(stdin, stderr.stream, {
    interrupt,
    suspend,
    complete: (line) => [['/image', '/exit'].filter((one) => one.startsWith(line)), line],
  });
  return { stdin, stderr, interrupt, suspend, source, raw };
}

describe('lines from a pipe', () => {
  it('come one by one, the last without its end too, then null', async () => {
    const { stdin, source, stderr } = sourceOn('pipe');
    stdin.end('one\ntwo\n\nthree');
    const lines = [];
    for (let line = await source.next(); line !== null; line = await source.next())
      lines.push(line);
    expect(lines).toEqual(['one', 'two', '', 'three']);
    expect(stderr.text(), 'no prompt').toBe('');
  });

  it('end at close, those that wait included', async () => {
    const { stdin, source } = sourceOn('pipe');
    stdin.write('one\ntwo\n');
    expect(await source.next()).toBe('one');
    source.close();
    expect(await source.next()).toBeNull();
  });
});

describe('lines from a terminal', () => {
  it('are prompted for; keys are read raw until the end', async () => {
    const { stdin, source, stderr, raw } = sourceOn('colours');
    const next = source.next();
    stdin.write('one\rtwo\r');
    expect(await next).toBe('one');
    expect(stderr.text()).toContain('> ');
    expect(await source.next(), 'pasted behind it').toBe('two');
    expect(raw).toHaveBeenLastCalledWith(true);
    source.close();
    expect(raw).toHaveBeenLastCalledWith(false);
  });

  it('let go of the terminal at Ctrl-Z, and are asked for again when it goes on', async () => {
    const { stdin, source, stderr, suspend, raw } = sourceOn('colours');
    const next = source.next();
    stdin.write(`Count\u{1a}`);
    await turn();
    expect(suspend).toHaveBeenCalledOnce();
    expect(raw).toHaveBeenLastCalledWith(false);
    const shown = stderr.text().length;
    suspend.mock.calls[0]?.[0]();
    expect(raw).toHaveBeenLastCalledWith(true);
    expect(stderr.text().slice(shown)).toContain('> Count');
    stdin.write(' on\r');
    expect(await next).toBe('Count on');
    source.close();
  });

  it('that are typed ahead are not echoed, and go on at the prompt', async () => {
    const { stdin, source, stderr } = sourceOn('colours');
    stdin.write('one\rtw');
    await turn();
    expect(stderr.text(), 'nobody asked yet').toBe('');
    expect(await source.next()).toBe('one');
    const shown = stderr.text().length;
    stdin.write('o an');
    await turn();
    expect(stderr.text().slice(shown), 'while an answer is written').toBe('');
    const next = source.next();
    stdin.write('d more\r');
    expect(await next).toBe('two and more');
  });

  it('do not keep Ctrl-C from interrupting while nobody waits', async () => {
    const { stdin, interrupt } = sourceOn('colours');
    stdin.write(`some${CTRL_C}`);
    await turn();
    expect(interrupt).toHaveBeenCalledOnce();
  });

  it('end at Ctrl-D', async () => {
    const { stdin, source } = sourceOn('colours');
    const next = source.next();
    stdin.write(CTRL_D);
    expect(await next).toBeNull();
  });

  it('are completed at Tab', async () => {
    const { stdin, source } = sourceOn('colours');
    const next = source.next();
    stdin.write('/im\t');
    await turn();
    stdin.write(' a\r');
    expect(await next).toBe('/image a');
  });

  it('may be a pasted block, which the terminal is asked to mark', async () => {
    const { stdin, source, stderr } = sourceOn('colours');
    const next = source.next('… ');
    stdin.write('say: \x1b[200~one\r\ttwo\r\x1b[201~');
    await turn();
    stdin.write('\r');
    expect(await next).toBe('say: one\n\ttwo\n');
    expect(stderr.text()).toContain('\x1b[?2004h');
    expect(stderr.text()).toContain('\x1b[?2004l');
    expect(stderr.text()).toContain('… ');
  });

  it('are cleared by Ctrl-C; at an empty prompt it interrupts', async () => {
    const { stdin, source, interrupt } = sourceOn('colours');
    const next = source.next();
    stdin.write(`half a line${CTRL_C}`);
    await turn();
    expect(interrupt).not.toHaveBeenCalled();
    stdin.write(CTRL_C);
    await turn();
    expect(interrupt).toHaveBeenCalledOnce();
    stdin.write('whole\r');
    expect(await next).toBe('whole');
  });
});

import { describe, expect, it } from 'vitest';
import { screenHtml } from './screen-html.ts';

describe('screenHtml', () => {
  it('shows of a line what was written over the rest', () => {
    const bar = '\u001b[?7l\u001b[1Gloading 0 s\u001b[0K\u001b[1Gloading 1 s\u001b[0K\u001b[?7h';
    expect(screenHtml(`${bar}\u001b[1G\u001b[2Kmodel  glance\r\n`)).toBe('model  glance\n');
  });

  it('marks drafted words, over the end of a line too', () => {
    const words = 'Once\u001b[32m\u001b[4m upon\na\u001b[24m\u001b[39m time';
    expect(screenHtml(words)).toBe(
      'Once<span class="green underlined"> upon</span>\n<span class="green underlined">a</span> time',
    );
  });

  it('lets no text become markup', () => {
    expect(screenHtml('a <b> & c')).toBe('a &lt;b> &amp; c');
  });

  it('refuses a style that it has no picture of', () => {
    expect(() => screenHtml('\u001b[1mbold')).toThrow('style 1 has no picture');
  });
});

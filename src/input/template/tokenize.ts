/**
 * A template's text to tokens, white space around tags handled as Hugging Face sets it: the line end behind a tag goes
 * (trim_blocks), and so does what stands before a tag that begins its line (lstrip_blocks).
 */
import { atLine, fail } from './failure.ts';
import { find, readToken, type Token } from './read-token.ts';
import { refuse } from './refuse.ts';
import { SPACE, stripEnd } from './text.ts';

const S = `[${SPACE}]`;
const BEGIN = /\{[{%#]/g;
const RAW = new RegExp(`\\{%[-+]?${S}*raw${S}*(?:-%\\}${S}*|%\\})`, 'y');
const END_RAW = new RegExp(`\\{%([-+]?)${S}*endraw${S}*(?:\\+%\\}|-%\\}${S}*|%\\}\\n?)`, 'g');
const COMMENT_END = new RegExp(`\\+#\\}|-#\\}${S}*|#\\}\\n?`, 'g');
const TAG_END = new RegExp(`\\+%\\}|-%\\}${S}*|%\\}\\n?`, 'y');
const PRINT_END = new RegExp(`-\\}\\}${S}*|\\}\\}`, 'y');
const ALL_SPACE = new RegExp(`^${S}+$`);
/** Python's parser gives up not far beyond. */
const MAX_OPEN = 50;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Fails for what is no template, with the line. */
export function tokenize(template: string): Token[] {
  const source = template.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  let lineBegins = true;

  const move = (to: number) => {
    for (let i = at; i < to; i++) if (source.charCodeAt(i) === 10) line++;
    lineBegins = source.charCodeAt(to - 1) === 10;
    at = to;
  };
  /** Data up to a tag, whose kind and sign say what of the data's end is dropped. */
  const takeData = (to: number, sign: string, isPrint: boolean) => {
    const text = source.slice(at, to);
    const last = text.lastIndexOf('\n') + 1;
    const alone = (last > 0 || lineBegins) && ALL_SPACE.test(text.slice(last));
    const strips = sign === '' && !isPrint && alone;
    const kept = sign === '-' ? stripEnd(text) : strips ? text.slice(0, last) : text;
    if (kept !== '') tokens.push({ kind: 'data', text: kept, line });
    move(to);
  };
  const takeInside = (end: RegExp, ending: 'tagEnd' | 'printEnd') => {
    const open: string[] = [];
    while (at < source.length) {
      const ended = open.length === 0 ? find(end, source, at) : undefined;
      if (ended !== undefined) {
        tokens.push({ kind: ending, text: ended.text, line });
        return move(ended.end);
      }
      const read = readToken(source, at, line);
      if (read.token !== undefined) {
        if (read.token.kind === 'operator') balance(open, read.token.text);
        tokens.push(read.token);
      }
      move(read.end);
    }
  };

  try {
    while (at < source.length) {
      const begin = find(BEGIN, source, at);
      if (begin === undefined) {
        tokens.push({ kind: 'data', text: source.slice(at), line });
        break;
      }
      const sign = /[-+]/.exec(source.charAt(begin.end))?.[0] ?? '';
      takeData(begin.start, sign, begin.text === '{{');
      const raw = find(RAW, source, at);
      if (raw !== undefined) {
        move(raw.end);
        if (at === source.length) continue; // the very end needs no tag that ends it
        const ended = find(END_RAW, source, at) ?? fail('Missing end of raw directive');
        takeData(ended.start, ended.sign, false);
        move(ended.end);
        continue;
      }
      move(begin.end + sign.length);
      if (begin.text === '{#') {
        if (at === source.length) continue;
        move((find(COMMENT_END, source, at) ?? fail('Missing end of comment tag')).end);
      } else if (begin.text === '{%') {
        tokens.push({ kind: 'tagBegin', text: '{%', line });
        takeInside(TAG_END, 'tagEnd');
      } else {
        tokens.push({ kind: 'printBegin', text: '{{', line });
        takeInside(PRINT_END, 'printEnd');
      }
    }
  } catch (error) {
    throw atLine(error, line);
  }
  tokens.push({ kind: 'end', text: '', line });
  return tokens;
}

/** Keeps the brackets that are open, and what closes them. */
function balance(open: string[], operator: string): void {
  const closing = CLOSING[operator];
  if (closing !== undefined && open.push(closing) > MAX_OPEN) {
    refuse(`brackets nested deeper than ${MAX_OPEN}`);
  }
  if (/^[)\]}]$/.test(operator) && open.pop() !== operator) fail(`unexpected "${operator}"`);
}

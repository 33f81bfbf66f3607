/**
 * Reads calls out of JSON while it is written: an object, or a list of objects, with a name and arguments. Arguments come
 * out as they are written; what surrounds them is read past.
 */
export interface CallScanner {
  /** Reads a piece; tells what became known of calls. */
  push(text: string): CallPiece[];
  /** Whether a call is begun and not ended. */
  readonly isInside: boolean;
}

export type CallPiece =
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'arguments'; readonly text: string };

type Place =
  /** Before an object. */
  | { readonly at: 'outside' }
  /** Inside an object, before a key. */
  | { readonly at: 'object' }
  | { readonly at: 'key'; text: string; escaped: boolean }
  /** Behind a key. */
  | {
      readonly at: 'value';
      readonly key: string;
      text: string;
      depth: number;
      inText: boolean;
      escaped: boolean;
    };

/** @param argumentsKey what arguments are called */
export function createCallScanner(argumentsKey: string): CallScanner {
  let place: Place = { at: 'outside' };
  let named = false;
  let early = ''; // arguments that came before the name
  const pieces: CallPiece[] = [];
  const tellArguments = (text: string) => {
    if (text === '') return;
    if (named) pieces.push({ type: 'arguments', text });
    else early += text;
  };
  const endValue = (key: string, text: string) => {
    if (key !== 'name' || named) return;
    const name = parsed(text);
    if (typeof name !== 'string') return;
    named = true;
    pieces.push({ type: 'name', name });
    tellArguments(early);
    early = '';
  };
  const readSign = (sign: string): void => {
    switch (place.at) {
      case 'outside':
        if (sign === '{') place = { at: 'object' };
        return;
      case 'object':
        if (sign === '"') place = { at: 'key', text: '"', escaped: false };
        else if (sign === '}') leave();
        return;
      case 'key':
        place.text += sign;
        if (sign === '"' && !place.escaped) {
          const key = String(parsed(place.text));
          place = { at: 'value', key, text: '', depth: -1, inText: false, escaped: false };
        } else place.escaped = sign === '\\' && !place.escaped;
        return;
      case 'value':
        readValue(place, sign);
    }
  };
  const readValue = (value: Place & { at: 'value' }, sign: string): void => {
    if (value.depth < 0) {
      if (sign === ':') value.depth = 0;
      return;
    }
    if (value.text === '' && sign.trim() === '') return;
    if (!value.inText && value.depth === 0 && (sign === ',' || sign === '}')) {
      endValue(value.key, value.text);
      if (sign === '}') leave();
      else place = { at: 'object' };
      return;
    }
    value.text += sign;
    if (value.key === argumentsKey) tellArguments(sign);
    if (value.inText) {
      value.inText = sign !== '"' || value.escaped;
      value.escaped = sign === '\\' && !value.escaped;
    } else if (sign === '"') value.inText = true;
    else if (sign === '{' || sign === '[') value.depth += 1;
    else if (sign === '}' || sign === ']') value.depth -= 1;
  };
  const leave = () => {
    place = { at: 'outside' };
    named = false;
    early = '';
  };
  return {
    get isInside() {
      return place.at !== 'outside';
    },
    push(text) {
      for (const sign of text) readSign(sign);
      return joined(pieces.splice(0));
    },
  };
}

/** Arguments that follow each other as one piece. */
function joined(pieces: readonly CallPiece[]): CallPiece[] {
  const all: CallPiece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (piece.type === 'arguments' && last?.type === 'arguments') {
      all[all.length - 1] = { type: 'arguments', text: last.text + piece.text };
    } else all.push(piece);
  }
  return all;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const DAY = '(0[1-9]|1[0-9]|2[0-8])';
/** Days that the calendar has in any year. */
const DATE = `[0-9]{4}-((01|03|05|07|08|10|12)-(${DAY}|29|30|31)|(04|06|09|11)-(${DAY}|29|30)|02-${DAY})`;
const TIME =
  '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+\\-]([01][0-9]|2[0-3]):[0-5][0-9])';
const BYTE = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const LABEL = '[a-z0-9]([a-z0-9\\-]{0,30}[a-z0-9])?';
const HOST = `${LABEL}(\\.${LABEL}){0,4}`;
const HEX = '[0-9a-f]';

/** Texts that have these formats by any reading of them: some that a generous reader takes are left out. */
export const FORMATS: ReadonlyMap<string, string> = new Map([
  ['date', DATE],
  ['date-time', `${DATE}T${TIME}`],
  ['duration', 'P([0-9]{1,4}D(T[0-9]{1,4}[HMS])?|T[0-9]{1,4}[HMS]|[0-9]{1,4}W|[0-9]{1,4}[YM])'],
  [
    'email',
    `[a-z0-9]([a-z0-9_+\\-]{0,30}[a-z0-9])?(\\.[a-z0-9]{1,20}){0,3}@${LABEL}(\\.${LABEL}){1,3}`,
  ],
  ['hostname', HOST],
  ['ipv4', `${BYTE}(\\.${BYTE}){3}`],
  ['ipv6', `${HEX}{1,4}(:${HEX}{1,4}){7}`],
  ['time', TIME],
  ['uri', `https?://${HOST}(:[1-9][0-9]{0,3})?(/[A-Za-z0-9_.~\\-]{0,60}){0,8}`],
  ['uuid', `${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}`],
]);

/** The regular expression of a format. */
export const formatPattern = (name: string): string | undefined => {
  const inside = FORMATS.get(name);
  return inside && `^(${inside})$`;
};

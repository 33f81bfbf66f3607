type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The options that were given, so that the others keep the library's defaults. */
export function given<T extends object>(options: T): Given<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Given<T>;
}

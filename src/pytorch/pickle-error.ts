/** What is wrong with a pickle, to follow "its pickle is refused: " in a message; the reader of the file adds the path. */
export class PickleError extends Error {}

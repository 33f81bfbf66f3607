/** The comparison can't be made: the message says why and what to do. */
export class CheckFailure extends Error {}

/** Says why a record can't be learned from; caught where its file and index are known. */
export class BadRecord extends Error {}

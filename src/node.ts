/** `msd-ts/node`: Node's parts for those who put an engine together themselves. */
export { createNodeHost } from './engine/node/node-host.ts';
export { readPicture } from './input/node/read-picture.ts';

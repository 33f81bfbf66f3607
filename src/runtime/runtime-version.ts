import { env } from 'onnxruntime-node';

/** Of ONNX Runtime, as its package says; undefined where it does not. */
export const runtimeVersion = (): string | undefined => env.versions.node;

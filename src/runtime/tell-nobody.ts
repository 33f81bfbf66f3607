/**
 * ONNX Runtime for Linux reports how it is used to its makers, and keeps a device's id in the user's cache, unless a variable
 * says no before its first session. Only the main thread sets variables that it sees. Who set the variable is heeded.
 */
export function tellNobody(): void {
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
}

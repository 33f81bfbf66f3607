/** Number types of values, and their numbers in ONNX (TensorProto.DataType). */
export const ONNX_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
} as const;

export type Dtype = keyof typeof ONNX_TYPE;

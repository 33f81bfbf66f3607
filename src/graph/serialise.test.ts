import { fromBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataLocation as DataLocation,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  TensorProto_DataType as OnnxType,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { ONNX_TYPE } from './dtype.ts';
import {
  appendOne,
  constant,
  createGraph,
  type Graph,
  input,
  output,
  type Value,
  weight,
} from './graph.ts';
import { serialise } from './serialise.ts';
import { expectRefusal } from './testing/expect-refusal.ts';
import { refOf } from './testing/stored.ts';

const read = (graph: Graph): ModelProto =>
  fromBinary(
    ModelProtoSchema,
    serialise(graph, ({ path }) => path.slice(1)),
  );
const readGraph = (graph: Graph): GraphProto => read(graph).graph as GraphProto;

/** A graph that holds one of everything. */
function sample() {
  const graph = createGraph('sample');
  const x = input(graph, 'x', 'float32', ['n', 3, 'c+n']);
  const table = refOf('table.weight', [4, 3], 'BF16');
  const placed = { ...table, path: '/models/a b/ü.safetensors', offset: 2 ** 40 + 2, bytes: 24 };
  const bound = weight(graph, placed, [2, 6]);
  const one = constant(graph, new Float32Array([1.5, -0.25]), [2, 1]);
  const like = { dtype: x.dtype, shape: x.shape };
  const attributes = { axis: -1, perm: [2, 0, 1], mode: 'ä', epsilon: { float: 0.5 } };
  const first = appendOne('First', [x, one], like, attributes);
  const second = appendOne('Second', [first, bound, first], { dtype: 'int64', shape: [] });
  output('y', first);
  output('count', second);
  return { graph, x, bound, one, first, second };
}

describe('serialise', () => {
  it('says which ONNX it speaks', () => {
    const { irVersion, opsetImport, graph } = read(sample().graph);
    expect(irVersion).toBe(10n);
    expect(opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 21n]]);
    expect(graph?.name).toBe('sample');
  });

  it('writes the nodes in order, each with its inputs and outputs', () => {
    const { graph, x, bound, one, first, second } = sample();
    const names = (...values: Value[]) => values.map(({ name }) => name);
    const nodes = readGraph(graph).node.slice(0, 2);
    expect(nodes.map((node) => [node.opType, node.input, node.output])).toEqual([
      ['First', names(x, one), names(first)],
      ['Second', names(first, bound, first), names(second)],
    ]);
  });

  it('gives every output a node that copies it under its own name', () => {
    const { graph, first, second } = sample();
    const copies = readGraph(graph).node.slice(2);
    expect(copies.map((node) => [node.opType, node.input, node.output])).toEqual([
      ['Identity', [first.name], ['y']],
      ['Identity', [second.name], ['count']],
    ]);
  });

  it('writes integers, lists of them, texts and floats as attributes', () => {
    const [node] = readGraph(sample().graph).node;
    const [axis, perm, mode, epsilon] = node?.attribute ?? [];
    expect(axis).toMatchObject({ name: 'axis', type: AttributeType.INT, i: -1n });
    expect(perm).toMatchObject({ name: 'perm', type: AttributeType.INTS, ints: [2n, 0n, 1n] });
    expect(mode).toMatchObject({ name: 'mode', type: AttributeType.STRING });
    expect(new TextDecoder().decode(mode?.s)).toBe('ä');
    expect(epsilon).toMatchObject({ name: 'epsilon', type: AttributeType.FLOAT, f: 0.5 });
  });

  it('declares inputs and outputs with numbers and names as sizes', () => {
    const { input: inputs, output: outputs } = readGraph(sample().graph);
    expect(inputs.map(declared)).toEqual([['x', OnnxType.FLOAT, ['n', 3n, 'c+n']]]);
    expect(outputs.map(declared)).toEqual([
      ['y', OnnxType.FLOAT, ['n', 3n, 'c+n']],
      ['count', OnnxType.INT64, []],
    ]);
  });

  it('tells the shapes that the sizes of inputs say, and none of a name that stands for any size', () => {
    const { graph, first, second } = sample();
    appendOne('Reshape', [first], { dtype: first.dtype, shape: ['n·3', 'c+n'] });
    expect(readGraph(graph).valueInfo.map(declared)).toEqual([
      [first.name, OnnxType.FLOAT, ['n', 3n, 'c+n']],
      [second.name, OnnxType.INT64, []],
    ]);
  });

  it('leaves a weight in its file, by place and length', () => {
    const { graph, bound } = sample();
    const tensor = initializer(graph, bound);
    expect(tensor.dataType).toBe(OnnxType.BFLOAT16);
    expect(tensor.dims).toEqual([2n, 6n]);
    expect(tensor.dataLocation).toBe(DataLocation.EXTERNAL);
    expect(tensor.rawData).toHaveLength(0);
    expect(Object.fromEntries(tensor.externalData.map(({ key, value }) => [key, value]))).toEqual({
      location: 'models/a b/ü.safetensors',
      offset: '1099511627778',
      length: '24',
    });
  });

  it('carries a weight in memory, and refuses more of them than a model may hold', () => {
    const graph = createGraph('held');
    const data = Float32Array.of(1.5, -0.25);
    const held = { name: 'w', dtype: 'F32', shape: [2], data } as const;
    const tensor = initializer(graph, weight(graph, held));
    expect(tensor.externalData).toHaveLength(0);
    expect([...new Float32Array(tensor.rawData.slice().buffer)]).toEqual([...data]);
    const large = { byteLength: 2 ** 31 } as Float32Array;
    weight(graph, { ...held, name: 'large', data: large });
    expectRefusal(() => serialise(graph, String), 'held', String(2 ** 31 + 8));
  });

  it('carries a constant as raw little-endian bytes', () => {
    const { graph, one } = sample();
    const tensor = initializer(graph, one);
    expect(tensor.dims).toEqual([2n, 1n]);
    expect(tensor.dataLocation).toBe(DataLocation.DEFAULT);
    const view = new DataView(tensor.rawData.slice().buffer);
    expect([view.getFloat32(0, true), view.getFloat32(4, true)]).toEqual([1.5, -0.25]);
  });

  it('takes only the constant’s own part of a shared buffer', () => {
    const graph = createGraph('g');
    const part = constant(graph, new BigInt64Array([7n, 8n, 9n]).subarray(1, 2), [1]);
    output('y', part);
    const { rawData, dataType } = initializer(graph, part);
    expect(dataType).toBe(OnnxType.INT64);
    expect([...rawData]).toEqual([8, 0, 0, 0, 0, 0, 0, 0]);
  });
});

it('the numbers of the types are those of the schema', () => {
  expect(ONNX_TYPE).toEqual({
    float32: OnnxType.FLOAT,
    uint8: OnnxType.UINT8,
    int8: OnnxType.INT8,
    int32: OnnxType.INT32,
    int64: OnnxType.INT64,
    bool: OnnxType.BOOL,
    float16: OnnxType.FLOAT16,
    bfloat16: OnnxType.BFLOAT16,
  });
});

function initializer(graph: Graph, value: Value): TensorProto {
  const found = readGraph(graph).initializer.find(({ name }) => name === value.name);
  if (found === undefined) throw new Error(`no initializer ${value.name}`);
  return found;
}

function declared({ name, type }: ValueInfoProto): unknown[] {
  if (type?.value.case !== 'tensorType') throw new Error(`${name} is no tensor`);
  const { elemType, shape } = type.value.value;
  return [name, elemType, shape?.dim.map((dim) => dim.value.value)];
}

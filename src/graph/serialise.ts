import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataLocation as DataLocation,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { isInMemory, type Stored } from '../contracts/checkpoint.ts';
import { GraphError } from '../contracts/errors.ts';
import { ONNX_TYPE } from './dtype.ts';
import type { Attribute, Bound, Constant, Graph, GraphNode, Value } from './graph.ts';

/** The name of a weight's file as the runtime will find it. */
type Locate = (ref: Pick<Stored, 'path'>) => string;

const IR_VERSION = 10n;
const OPSET = 21n;
const RUNTIME_DOMAIN = 'com.microsoft';

/** Most bytes of a protobuf message. */
const MOST_BYTES = 2 ** 31;

/**
 * The graph as an ONNX model. Weights in files are external data: `locate` names the file of each as the runtime will
 * find it, offset and length point into it. Constants and weights in memory are part of the model.
 * @throws GraphError where they are more than 2 GiB
 */
export function serialise(graph: Graph, locate: Locate): Uint8Array {
  requireRoom(graph);
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'msd-ts',
    opsetImport: opsetsOf(graph),
    graph: create(GraphProtoSchema, {
      name: graph.name,
      input: graph.inputs.map((value) => valueInfo(value.name, value)),
      output: graph.outputs.map(({ name, value }) => valueInfo(name, value)),
      valueInfo: knownValues(graph).map((value) => valueInfo(value.name, value)),
      node: [...graph.nodes.map(nodeProto), ...graph.outputs.map(outputNode)],
      initializer: [
        ...graph.constants.map(constantProto),
        ...[...graph.bound.values()].map((bound) => boundProto(bound, locate)),
      ],
    }),
  });
  return toBinary(ModelProtoSchema, model);
}

function requireRoom({ name, constants, bound }: Graph): void {
  const weights = [...bound.values()].map(({ ref }) => ref).filter(isInMemory);
  const bytes = [...constants, ...weights].reduce((sum, { data }) => sum + data.byteLength, 0);
  if (bytes < MOST_BYTES) return;
  throw new GraphError(
    `Graph ${name} holds ${bytes} bytes of weights; a session takes less than ${MOST_BYTES} from memory. Bind some from a file.`,
  );
}

/**
 * The values whose shape the inputs' sizes say. Their shapes are told: where the runtime can't infer one, it finds no memory
 * to use again, after a search that gets longer with each node. Other names may stand for several sizes.
 */
function knownValues({ inputs, nodes }: Graph): Value[] {
  const termsOf = ({ shape }: Value) => shape.flatMap((dim) => String(dim).split('+'));
  const known = new Set(inputs.flatMap(termsOf));
  const isKnown = (term: string) => known.has(term) || /^\d+$/.test(term);
  return nodes.flatMap(({ outputs }) => outputs).filter((value) => termsOf(value).every(isKnown));
}

/** ONNX's operators, and ONNX Runtime's own where the graph has any. */
function opsetsOf({ nodes }: Graph): { domain: string; version: bigint }[] {
  const own = nodes.some(({ op }) => operatorOf(op).domain === RUNTIME_DOMAIN);
  return [
    { domain: '', version: OPSET },
    ...(own ? [{ domain: RUNTIME_DOMAIN, version: 1n }] : []),
  ];
}

/** `com.microsoft.X` is an operator X of ONNX Runtime, a name without a point one of ONNX. */
function operatorOf(op: string): { domain: string; opType: string } {
  const at = op.lastIndexOf('.');
  return { domain: op.slice(0, Math.max(at, 0)), opType: op.slice(at + 1) };
}

function nodeProto(node: GraphNode) {
  return create(NodeProtoSchema, {
    ...operatorOf(node.op),
    input: node.inputs.map((value) => value.name),
    output: node.outputs.map((value) => value.name),
    attribute: Object.entries(node.attributes).map(([name, value]) => attributeProto(name, value)),
  });
}

/** Outputs have names of their own, so that one value may serve inside and outside. */
function outputNode({ name, value }: { name: string; value: Value }) {
  return create(NodeProtoSchema, { opType: 'Identity', input: [value.name], output: [name] });
}

function attributeProto(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  }
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeType.STRING,
      s: new TextEncoder().encode(value),
    });
  }
  if ('float' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}

function valueInfo(name: string, { dtype, shape }: Value): ValueInfoProto {
  const dim = shape.map((size) => ({
    value:
      typeof size === 'number'
        ? { case: 'dimValue' as const, value: BigInt(size) }
        : { case: 'dimParam' as const, value: size },
  }));
  const tensorType = { elemType: ONNX_TYPE[dtype], shape: { dim } };
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: tensorType } },
  });
}

function constantProto({ value, data }: Constant) {
  return create(TensorProtoSchema, {
    name: value.name,
    dataType: ONNX_TYPE[value.dtype],
    dims: value.shape.map(BigInt),
    rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  });
}

function boundProto({ value, ref }: Bound, locate: Locate) {
  if (isInMemory(ref)) return constantProto({ value, data: ref.data });
  return create(TensorProtoSchema, {
    name: value.name,
    dataType: ONNX_TYPE[value.dtype],
    dims: value.shape.map(BigInt),
    dataLocation: DataLocation.EXTERNAL,
    externalData: [
      { key: 'location', value: locate(ref) },
      { key: 'offset', value: String(ref.offset) },
      { key: 'length', value: String(ref.bytes) },
    ],
  });
}

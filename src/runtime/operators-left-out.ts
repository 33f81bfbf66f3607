import { InferenceSession } from 'onnxruntime-node';
import type { Device } from '../contracts/load.ts';
import { createGraph, type Graph, type GraphNode } from '../graph/graph.ts';
import { serialise } from '../graph/serialise.ts';

/**
 * Which operators of a graph a device leaves to the CPU, as `Cast of int64`. ONNX Runtime says so in its log alone, so
 * every kind of node is tried in a graph of its own, without weights.
 */
export async function operatorsLeftOut(device: Device, graph: Graph): Promise<string[]> {
  const kinds = new Map(graph.nodes.map((node) => [kindOf(node), node]));
  const left = new Set<string>();
  for (const node of kinds.values()) {
    if (!(await runsOn(device, alone(graph, node)))) left.add(nameOf(node));
  }
  return [...left].sort();
}

/** Nodes of one kind have one kernel, or none. */
function kindOf({ op, inputs, outputs, attributes }: GraphNode): string {
  return JSON.stringify([op, [...inputs, ...outputs].map(({ dtype }) => dtype), attributes]);
}

const nameOf = ({ op, inputs }: GraphNode): string =>
  [op.slice(op.lastIndexOf('.') + 1), ...inputs.slice(0, 1).map(({ dtype }) => dtype)].join(' of ');

/** A node with its constants; whatever else it reads is fed. */
function alone({ constants }: Graph, node: GraphNode): Graph {
  const held = constants.filter(({ value }) => node.inputs.includes(value));
  const fed = new Set(node.inputs.filter((input) => !held.some(({ value }) => value === input)));
  return {
    ...createGraph('alone'),
    inputs: [...fed],
    outputs: node.outputs.map((value, index) => ({ name: `output_${index}`, value })),
    nodes: [node],
    constants: held,
  };
}

async function runsOn(device: Device, graph: Graph): Promise<boolean> {
  try {
    const session = await InferenceSession.create(
      serialise(graph, () => ''),
      wholly(device),
    );
    await session.release();
    return true;
  } catch {
    return false;
  }
}

/** Settings that refuse a graph unless the device runs all of it. */
export const wholly = (device: Device) =>
  ({
    executionProviders: [device],
    logSeverityLevel: 4,
    extra: { session: { disable_cpu_ep_fallback: device === 'cpu' ? '0' : '1' } },
  }) as const;

import { RpcError } from "./rpcError.mts"
import type { Decoded } from "./shapes.mts"
import { bytes, mebibytes, milliCores } from "./units.mts"

export type FunctionSpec = Decoded<typeof functionSpec>

const conflicts = { fields: { keeplocal: "bool" } } as const

export const functionSpec = {
  fields: {
    nodename: "string",
    funcname: "string",
    args: { list: "any" },
    kwargs: { map: "any" },
    priority: "int",
    maxwaittime: "int",
    maxexectime: "int",
    maxretries: "int",
    conditions: {
      fields: {
        colonyname: "string",
        executornames: { list: "string" },
        executortype: "string",
        locationname: "string",
        dependencies: { list: "string" },
        nodes: "int",
        cpu: "string",
        processes: "int",
        processespernode: "int",
        mem: "string",
        storage: "string",
        gpu: { fields: { name: "string", mem: "string", count: "int", nodecount: "int" } },
        walltime: "int",
      },
    },
    label: "string",
    fs: {
      fields: {
        mount: "string",
        snapshots: {
          list: {
            fields: {
              snapshotid: "string",
              label: "string",
              dir: "string",
              keepfiles: "bool",
              keepsnapshot: "bool",
            },
          },
        },
        dirs: {
          list: {
            fields: {
              label: "string",
              dir: "string",
              keepfiles: "bool",
              onconflicts: { fields: { onstart: conflicts, onclose: conflicts } },
            },
          },
        },
      },
    },
    env: { map: "string" },
    channels: { list: "string" },
  },
} as const

/** As the spec comes back from the server's tables. Throws what the server refuses. */
export function storedSpec(spec: FunctionSpec): FunctionSpec {
  const { conditions } = spec
  // PostgreSQL has no text with NUL in it.
  if (hasNul(spec)) throw nulRefused()
  return {
    ...spec,
    args: spec.args ?? [],
    kwargs: spec.kwargs ?? {},
    env: spec.env ?? {},
    conditions: {
      ...conditions,
      dependencies: conditions.dependencies ?? [],
      cpu: `${milliCores(conditions.cpu)}m`,
      mem: mebibytes(bytes(conditions.mem)),
      storage: mebibytes(bytes(conditions.storage)),
      gpu: { ...conditions.gpu, mem: mebibytes(bytes(conditions.gpu.mem)), nodecount: 0 },
    },
  }
}

/** What is left out of the JSON when it is empty. */
export function specOnWire(spec: FunctionSpec): unknown {
  const { locationname } = spec.conditions
  return {
    ...spec,
    // A value of undefined is left out.
    conditions: { ...spec.conditions, locationname: locationname || undefined },
    channels: spec.channels?.length ? spec.channels : undefined,
  }
}

function hasNul(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\0")
  return typeof value === "object" && value !== null && Object.values(value).some(hasNul)
}

export function nulRefused(twice = false): RpcError {
  return new RpcError(400, 'pq: invalid byte sequence for encoding "UTF8": 0x00', twice)
}

import { expect, test } from "vitest"
import { type ProcessState, processState, type StatisticsRecord } from "../client/records.ts"
import { isCut } from "./listColony.ts"

const { waiting, successful } = processState

const nothing: StatisticsRecord = {
  executors: 0,
  activeexecutors: 0,
  waitingprocesses: 0,
  runningprocesses: 0,
  successfulprocesses: 0,
  failedprocesses: 0,
  cancelledprocesses: 0,
  waitingworkflows: 0,
  runningworkflows: 0,
  successfulworkflows: 0,
  failedworkflows: 0,
  cancelledworkflows: 0,
}

interface Case {
  readonly fullOfProcesses?: readonly ProcessState[]
  readonly fullOfGraphs?: readonly ProcessState[]
  readonly counted: Partial<StatisticsRecord>
  /** By id. */
  readonly processes?: Readonly<Record<string, ProcessState>>
  readonly graphs?: readonly { readonly state: ProcessState; readonly processids: string[] }[]
}

const cases: [rule: string, expected: boolean, one: Case][] = [
  [
    "a list that is not full has all, whatever was counted meanwhile",
    false,
    { counted: { waitingprocesses: 5 } },
  ],
  [
    "a full list with as many as are counted has all",
    false,
    { fullOfProcesses: [waiting], counted: { waitingprocesses: 1 }, processes: { a: waiting } },
  ],
  [
    "a full list of fewer than are counted is cut",
    true,
    { fullOfProcesses: [waiting], counted: { waitingprocesses: 2 }, processes: { a: waiting } },
  ],
  [
    "processes in another state do not count",
    true,
    {
      fullOfProcesses: [waiting],
      counted: { waitingprocesses: 2 },
      processes: { a: waiting, b: successful },
    },
  ],
  [
    "what a workflow that ended well consists of is known without being read",
    false,
    {
      fullOfProcesses: [successful],
      counted: { successfulprocesses: 3 },
      processes: { a: successful },
      graphs: [{ state: successful, processids: ["a", "b", "c"] }],
    },
  ],
  [
    "a full list of fewer workflows than are counted is cut",
    true,
    {
      fullOfGraphs: [successful],
      counted: { successfulworkflows: 2 },
      graphs: [{ state: successful, processids: [] }],
    },
  ],
]

test.each(cases)("%s", (_rule, expected, one) => {
  const states = Object.entries(one.processes ?? {})
  const known = {
    processes: new Map(states.map(([id, state]) => [id, { state }] as const)),
    graphs: new Map((one.graphs ?? []).map((graph, i) => [String(i), graph] as const)),
  }
  const full = {
    fullOfProcesses: new Set(one.fullOfProcesses ?? []),
    fullOfGraphs: new Set(one.fullOfGraphs ?? []),
  }
  expect(isCut(full, { ...nothing, ...one.counted }, known)).toBe(expected)
})

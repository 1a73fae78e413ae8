import { resolve } from "node:path"
import type { Colony } from "#engine/place"
import type { ColonyExecutor, ColonyFile } from "#engine/protocol"
import { UserError } from "#engine/userError"
import { type ExecutorRecord, type FunctionRecord, timeOf } from "../client/records.ts"
import type { ColoniesServer } from "../client/server.ts"
import { newestRecord } from "../files/colonyFiles.ts"
import { openFileStore } from "../files/fileStore.ts"
import { normalLabel } from "../files/labels.ts"
import { download, storedFile } from "../files/transfer.ts"
import type { Profile } from "../profile.ts"

/** What a colony has beside its runs, asked for anew each time. */
export function colonyThings(
  server: ColoniesServer,
  { colony, storage }: Profile,
  signal: AbortSignal,
): Colony {
  const options = { signal }
  const colonyname = colony
  return {
    async look() {
      const [executors, functions, labels, statistics] = await Promise.all([
        server.call("getexecutorsmsg", { colonyname }, options),
        server.call("getfunctionsmsg", { colonyname, executorname: "" }, options),
        server.call("getfilelabelsmsg", { colonyname, name: "", exact: false }, options),
        server.call("getcolonystatsmsg", { colonyname }, options),
      ])
      return {
        executors: (executors ?? []).map((one) => executorOf(one, functions ?? [])).sort(byName),
        labels: (labels ?? [])
          .map(({ name, files }) => ({ label: normalLabel(name), files }))
          .sort((a, b) => (a.label < b.label ? -1 : 1)),
        statistics: states.map((state) => ({
          state,
          processes: statistics[`${state}processes`],
          workflows: statistics[`${state}workflows`],
        })),
        ...(storage === undefined ? { storageProblem: noStorage } : {}),
      }
    },

    async files(label) {
      const files = await server.call("getfilesmsg", { colonyname, label }, options)
      return (files ?? [])
        .map(({ name, size, checksum }): ColonyFile => ({ label, name, size, checksum }))
        .sort(byName)
    },

    async download({ label, name }, path) {
      if (storage === undefined) throw new UserError(noStorage)
      const record = await newestRecord({ server, colony }, label, name, signal)
      const store = await openFileStore(storage, signal)
      try {
        await download(store, storedFile(record), resolve(path), signal)
      } finally {
        store.close()
      }
    },

    async removeFile({ label, name }) {
      await server.call("removefilemsg", { colonyname, label, name }, options)
    },
  }
}

const states = ["waiting", "running", "successful", "failed", "cancelled"] as const

const noStorage =
  "Files are kept in S3, and this profile names no storage: it needs AWS_S3_ENDPOINT, AWS_S3_ACCESSKEY, AWS_S3_SECRETKEY and AWS_S3_BUCKET."

const executorStates = ["pending", "approved", "rejected", "unregistered"] as const

function executorOf(
  {
    executorid,
    executorname,
    executortype,
    state,
    lastheardfromtime,
    locationname,
  }: ExecutorRecord,
  functions: readonly FunctionRecord[],
): ColonyExecutor {
  return {
    name: executorname,
    type: executortype,
    id: executorid,
    state: executorStates[state],
    heardAt: timeOf(lastheardfromtime)?.toISOString() ?? null,
    ...(locationname ? { location: locationname } : {}),
    functions: functions
      .filter((one) => one.executorname === executorname)
      .map(({ funcname, functionid, description = "", counter }) => {
        return { name: funcname, id: functionid, description, calls: counter }
      })
      .sort(byName),
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}

/**
 * What the `colonies` commands do, a bundle of its own: it needs a newer Node than the rest of the
 * command line, and is loaded when one of them is typed.
 */
export { cancelProcess as cancel } from "./colonies/cancelProcess.ts"
export {
  getFile as fsGet,
  listFiles as fsLs,
  listLabels as fsLabels,
  removeFile as fsRemove,
} from "./colonies/files.ts"
export { listProcesses as ps } from "./colonies/listProcesses.ts"
export { makeKey as keygen, printId as id } from "./colonies/makeKeys.ts"
export { printLogs as logs } from "./colonies/printLogs.ts"
export { runExecutor as executor } from "./colonies/runExecutor.ts"
export {
  createSnapshot as snapshotCreate,
  getSnapshot as snapshotDownload,
  listSnapshots as snapshotLs,
  removeSnapshot as snapshotRemove,
} from "./colonies/snapshots.ts"
export { submitSpec as submit } from "./colonies/submitSpec.ts"
export { syncFiles as fsSync } from "./colonies/syncFiles.ts"

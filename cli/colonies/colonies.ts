import type { CommandGroup } from "../command.ts"
import { cancel } from "./commands/cancel.ts"
import { executor } from "./commands/executor.ts"
import { fsGet, fsLabels, fsLs, fsRemove, fsSync } from "./commands/files.ts"
import { id, keygen } from "./commands/keys.ts"
import { logs } from "./commands/logs.ts"
import { ps } from "./commands/ps.ts"
import {
  snapshotCreate,
  snapshotDownload,
  snapshotLs,
  snapshotRemove,
} from "./commands/snapshots.ts"
import { submit } from "./commands/submit.ts"

/** What is done at a Colonies server; the words are those of its own tools. */
export const colonies: CommandGroup = {
  name: "colonies",
  summary: "At a Colonies server: submit, logs, ps, cancel, fs, executor",
  commands: [
    submit,
    ps,
    logs,
    cancel,
    fsSync,
    fsLs,
    fsLabels,
    fsGet,
    fsRemove,
    snapshotCreate,
    snapshotLs,
    snapshotDownload,
    snapshotRemove,
    keygen,
    id,
    executor,
  ],
}

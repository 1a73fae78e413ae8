import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { filesIn } from "#colonies/move/filesIn"
import { filesOut } from "#colonies/move/filesOut"
import type { FilesWorld } from "#colonies/move/filesWorld"
import { takeFrames } from "#colonies/move/frames"
import type { Profile } from "#colonies/profile"

const area = "/files"
/** Written by the one that takes files, read by the one that waits for it. */
const arrived = "/tmp/arrived"
const lookMs = 200

/** What the steps `files-in` and `files-out` of a run do, in a pod of their own. */
async function main(): Promise<void> {
  const [task] = process.argv.slice(1).filter((word) => word !== "--")
  const print = (line: string) => process.stdout.write(`${line}\n`)
  switch (task) {
    case "in":
      return filesIn(world(print))
    case "out":
      return filesOut(world(print))
    case "receive":
      return received(print)
    case "take": {
      const count = await takeFrames(process.stdin, area)
      writeFileSync(arrived, String(count))
      print(`${count} files have arrived.`)
      // Whoever sends keeps the line open to hear this.
      process.exit(0)
      return
    }
    default:
      throw new Error(`There is no task "${task ?? ""}".`)
  }
}

/** Waits until somebody has sent the files through exec. */
async function received(print: (line: string) => void): Promise<void> {
  print("ColonyOS: Waiting for the files of a folder")
  while (!existsSync(arrived)) await new Promise((resolve) => setTimeout(resolve, lookMs))
  print(`ColonyOS: ${readFileSync(arrived, "utf8")} files have arrived`)
}

function world(print: (line: string) => void): FilesWorld {
  const stop = new AbortController()
  process.once("SIGTERM", () => stop.abort(new Error("The step was stopped.")))
  const { FILES = "[]", EXECUTION = "" } = process.env
  return {
    profile: JSON.parse(readFileSync("/profile/profile.json", "utf8")) as Profile,
    files: JSON.parse(FILES) as FilesWorld["files"],
    area,
    execution: EXECUTION,
    print,
    signal: stop.signal,
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
})

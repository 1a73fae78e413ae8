import { type ExecFileException, execFile } from "node:child_process"
import { promisify } from "node:util"
import { Refusal } from "../refusal.mts"

const execute = promisify(execFile)

/** System tools live here even when the caller's PATH, such as a desktop's, leaves these folders out. */
export const toolPath = `${process.env.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`

/** Runs one of the system's tools to its end and answers what it printed; refuses with its own words. */
export async function tool(command: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, PATH: toolPath, LC_ALL: "C" }
  const options = { env, maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await execute(command, args, options).catch((error: ExecFileException) => {
    const line = [command, ...args].join(" ")
    throw new Refusal(`"${line}" failed: ${error.stderr?.trim() || error.message}`)
  })
  return stdout
}

/** Like `tool`, for what may be gone already: answers whether it worked. */
export async function tried(command: string, ...args: readonly string[]): Promise<boolean> {
  return await tool(command, ...args).then(
    () => true,
    () => false,
  )
}

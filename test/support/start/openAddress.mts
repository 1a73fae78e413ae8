import { spawn } from "node:child_process"
import { hasDisplay } from "../vscode/editor.mts"

/** Shows the address in the person's browser; it has been printed, so a failure is no harm. */
export function openAddress(address: string): void {
  if (!hasDisplay()) return
  const [command, ...args] = {
    darwin: ["open"] as const,
    win32: ["cmd", "/c", "start", ""] as const,
  }[process.platform as string] ?? ["xdg-open"]
  const child = spawn(command ?? "xdg-open", [...args, address], {
    stdio: "ignore",
    detached: true,
  })
  child.on("error", () => {})
  child.unref()
}

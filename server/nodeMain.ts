import { createConnection, ProposedFeatures, StreamMessageReader } from "vscode-languageserver/node"
import { WholeMessageWriter } from "./messageWriter.ts"
import { startServer } from "./server.ts"
import { toolsFor } from "./toolFolders.ts"

// Any other transport is chosen by the arguments, as --node-ipc when an editor's fork passes it.
const connection = process.argv.includes("--stdio")
  ? overStdio()
  : createConnection(ProposedFeatures.all)

startServer(connection, {
  soon: setImmediate,
  now: () => performance.now(),
  toolsFor,
})

function overStdio() {
  const reader = new StreamMessageReader(process.stdin)
  const made = createConnection(
    ProposedFeatures.all,
    reader,
    new WholeMessageWriter(process.stdout),
  )
  // An editor that is gone without a word takes its server with it.
  process.stdin.on("close", () => process.exit(1))
  return made
}

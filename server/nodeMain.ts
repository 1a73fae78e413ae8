import { createConnection, ProposedFeatures } from "vscode-languageserver/node"
import { startServer } from "./server.ts"
import { toolsFor } from "./toolFolders.ts"
import { wholeMessages } from "./wholeMessages.ts"

// Any other transport is chosen by the arguments, as --node-ipc when an editor's fork passes it.
const connection = process.argv.includes("--stdio")
  ? createConnection(ProposedFeatures.all, process.stdin, wholeMessages(process.stdout))
  : createConnection(ProposedFeatures.all)

startServer(connection, {
  soon: setImmediate,
  now: () => performance.now(),
  toolsFor,
})

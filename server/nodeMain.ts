import { createConnection, ProposedFeatures } from "vscode-languageserver/node"
import { startServer } from "./server.ts"
import { toolsFor } from "./toolFolders.ts"

// The transport is chosen by the arguments: --stdio, or --node-ipc as an editor's fork passes it.
startServer(createConnection(ProposedFeatures.all), {
  soon: setImmediate,
  now: () => performance.now(),
  toolsFor,
})

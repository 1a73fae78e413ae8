// npm test: everything, on a fresh clone. Starts on Node 20 with nothing installed: gets the
// packages, Node 24 among them, and hands over to test/support/runner/main.mts.
import { provideNodeModules } from "./support/nodeModules.mjs"
import { underNode24 } from "./support/underNode24.mjs"

if (process.argv.includes("--install")) process.env.KUBE_EXECUTIONS_INSTALL = "1"
if (await provideNodeModules()) await underNode24("test/support/runner/main.mts")
else process.exitCode = 1

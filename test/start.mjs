// npm start: a real VS Code with this extension and a demo workspace, on a fresh clone. Starts on
// Node 20 with nothing installed; test/support/start/main.mts does the work.
import { provideNodeModules } from "./support/nodeModules.mjs"
import { underNode24 } from "./support/underNode24.mjs"

if (await provideNodeModules()) await underNode24("test/support/start/main.mts")
else process.exitCode = 1

import { benchClient } from "./client.mts"
import { benchColonies } from "./colonies.mts"
import { benchEngine } from "./engine.mts"
import { benchGraph } from "./graph.mts"
import { benchLanguage } from "./language.mts"
import { besideElk } from "./panels/besideElk.mts"
import { benchPanels } from "./panels.mts"
import { benchScale } from "./scale.mts"

// npm run bench -- NAME …: each benchmark prints a table; without names all of them run.
const benchmarks: Readonly<Record<string, (print: (line: string) => void) => Promise<boolean>>> = {
  language: benchLanguage,
  graph: async (print) => {
    await benchGraph(print)
    return true
  },
  "beside-elkjs": async (print) => {
    await besideElk(print)
    return true
  },
  engine: async (print) => {
    const isQuick = await benchEngine(print)
    print("\nTen thousand steps against one thousand, on fake nodes")
    return (await benchScale(print)) && isQuick
  },
  // Parts of "engine", each for itself: all of it takes an hour.
  "engine-fake": (print) => benchEngine(print, ["fake"]),
  "engine-pods": (print) => benchEngine(print, ["real"]),
  "engine-wide": (print) => benchScale(print, ["wide"]),
  "engine-deep": (print) => benchScale(print, ["deep"]),
  "engine-layered": (print) => benchScale(print, ["layered"]),
  client: benchClient,
  colonies: benchColonies,
  panels: benchPanels,
}

const names = process.argv.slice(2)
const unknown = names.filter((name) => !(name in benchmarks))
if (unknown.length > 0) {
  const known = Object.keys(benchmarks).join(", ")
  console.error(`There is no benchmark "${unknown.join('", "')}": there are ${known}.`)
  process.exit(2)
}
for (const [name, run] of Object.entries(benchmarks)) {
  if (names.length > 0 ? !names.includes(name) : name.includes("-")) continue
  console.log(`\n# ${name}`)
  if (!(await run(console.log))) process.exitCode = 1
}

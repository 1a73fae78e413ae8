// Gets VS Code's server and a browser for it, or writes down what is missing: a stage of npm test.
import { isMissing } from "../missing.mts"
import { record } from "../record.mts"
import { provideChromium } from "./chromium.mts"
import { chooseEditor } from "./editor.mts"
import { installServer } from "./install.mts"

const say = (line: string) => console.log(`VS Code: ${line}`)

const chromium = await provideChromium(say)
if (isMissing(chromium)) {
  record({ kind: "missing", ...chromium })
  say(`there is no ${chromium.missing}: ${chromium.how}`)
  process.exitCode = 1
} else {
  try {
    say(`server: ${await installServer(say)}`)
    say(`browser: ${chromium}`)
    say(`extension suites run in ${(await chooseEditor(say)).what}`)
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}

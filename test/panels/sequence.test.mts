import { test } from "node:test"
import type { SequenceToPage } from "#media/sequence/protocol"
import { type ThemeName, themes } from "./openPage.mts"
import {
  crowd,
  emptyJob,
  indexed,
  jobSubject,
  now,
  place,
  run,
  runSubject,
  stale,
  twoJobs,
} from "./sequenceStates.mts"
import { shoot, useBrowser } from "./useBrowser.mts"

const open = useBrowser()

const states: Readonly<Record<string, readonly SequenceToPage[]>> = {
  small: [place, { kind: "job", view: twoJobs() }],
  failed: [place, { kind: "run", view: run() }],
  indexed: [place, { kind: "job", view: indexed() }],
  crowded: [place, { kind: "job", view: crowd() }],
  empty: [place, { kind: "job", view: emptyJob() }],
  stale: [stale, { kind: "job", view: twoJobs() }],
  forbidden: [place, { kind: "trouble", sentence: 'You may not list pods in "gene".' }],
}

for (const [name, messages] of Object.entries(states)) {
  test(`shots ${name}`, async () => {
    for (const theme of (name === "small" ? themes : ["dark"]) as ThemeName[]) {
      for (const width of [1400, 400]) {
        const opened = await open({
          kind: "sequence",
          subject: name === "failed" ? runSubject : jobSubject,
          theme,
          width,
          now,
        })
        await opened.tell(...messages)
        await opened.page.waitForTimeout(600)
        await shoot(opened.page, "sequence", name, theme, width)
        if (name === "indexed" || name === "small") {
          for (const look of ["table", "list", "grid"] as const) {
            await opened.tell({ kind: "look", look })
            await opened.page.waitForTimeout(300)
            await shoot(opened.page, "sequence", name, look, theme, width)
          }
        }
        console.log(name, theme, width, opened.faults)
        await opened.close()
      }
    }
  })
}

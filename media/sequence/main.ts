import { startPage } from "../shared/startPage.ts"
import { SequencePage } from "./page.ts"
import "./sequence.css"

startPage<"sequence">((host) => {
  new SequencePage(host).start()
})

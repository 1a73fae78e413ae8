import { startPage } from "../shared/startPage.ts"
import { StepPage } from "./page.ts"
import "./step.css"

startPage<"step">((host) => {
  new StepPage(host).start()
})

import { startPage } from "../shared/startPage.ts"
import { LogsPage } from "./page.ts"
import "./logs.css"

startPage<"logs">((host) => {
  new LogsPage(host).start()
})

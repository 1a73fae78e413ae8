import { startPage } from "../shared/startPage.ts"
import "./graph.css"
import { GraphPage } from "./graphPage.ts"

startPage<"graph">((host) => {
  const page = new GraphPage(host)
  host.listen((message) => page.take(message))
})

import { main } from "./main.ts"
import { nodeIo } from "./nodeIo.ts"

// Setting the code instead of leaving lets what was written reach a slow reader.
void main(process.argv.slice(2), nodeIo()).then((code) => {
  process.exitCode = code
})

import { main } from "./main.ts"
import { nodeIo } from "./nodeIo.ts"

void main(process.argv.slice(2), nodeIo()).then((code) => {
  // Whoever typed Ctrl+C waits for nothing more.
  if (code === 130) process.exit(code)
  // Setting the code instead of leaving lets what was written reach a slow reader.
  process.exitCode = code
})

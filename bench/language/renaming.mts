import { type Peer, Session } from "../languagePeer.mts"

/**
 * A task in the middle renamed, beside an echo that answers with as many places, and a keystroke
 * that changes one: medians in milliseconds, turn by turn.
 */
export async function renaming(
  ours: Peer,
  echo: Peer,
  text: string,
): Promise<{ rename: number; keystroke: number; echo: number; places: number }> {
  const [mine, floor] = [await Session.start(ours), await Session.start(echo)]
  await mine.open(text)
  const lines = text.split("\n")
  const line = lines.findIndex(
    (one, i) => i > lines.length / 2 && one.startsWith("  - name: task-"),
  )
  const position = { line, character: (lines[line] ?? "").length }
  const grown = { line, character: position.character + 1 }
  const times = { rename: [] as number[], keystroke: [] as number[], echo: [] as number[] }
  let places = 0
  for (let round = 0; round < 21; round++) {
    times.keystroke.push(await mine.change({ start: position, end: position }, "x"))
    times.keystroke.push(await mine.change({ start: position, end: grown }, ""))
    const { took, answer } = await mine.ask("textDocument/rename", {
      position,
      newName: "some-new-name",
    })
    times.rename.push(took)
    places = placesIn(answer)
    times.echo.push((await floor.ask("bench/places", { places })).took)
  }
  await mine.end()
  await floor.end()
  return {
    rename: median(times.rename),
    keystroke: median(times.keystroke),
    echo: median(times.echo),
    places,
  }
}

function placesIn(answer: unknown): number {
  const { changes = {} } = answer as { changes?: Readonly<Record<string, readonly unknown[]>> }
  const count = Object.values(changes).flat().length
  if (count === 0) throw new Error("nothing was renamed")
  return count
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN
}

import { Writable } from "node:stream"

/**
 * The library writes each message as two pieces, its header and its body, each a call of the
 * system. Here they leave together: an answer is on its way sooner, and its reader wakes once.
 */
export function wholeMessages(output: NodeJS.WritableStream): Writable {
  let header: Buffer | undefined
  return new Writable({
    write(piece: Buffer, _encoding, done) {
      if (header === undefined) {
        header = piece
        done()
        return
      }
      const message = Buffer.concat([header, piece])
      header = undefined
      output.write(message, done)
    },
    final(done) {
      output.end(done)
    },
  })
}

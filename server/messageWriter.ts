import { AbstractMessageWriter, type Message, type MessageWriter } from "vscode-languageserver/node"

/**
 * Writes each message at once and in one piece. The library's writer waits for a turn of the event
 * loop first, and makes buffers of the header and the body.
 */
export class WholeMessageWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #output: NodeJS.WritableStream

  constructor(output: NodeJS.WritableStream) {
    super()
    this.#output = output
    output.on("error", (error) => this.fireError(error))
    output.on("close", () => this.fireClose())
  }

  write(message: Message): Promise<void> {
    const body = JSON.stringify(message)
    const text = `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
    return new Promise((resolve, reject) => {
      this.#output.write(text, (error) => (error ? reject(error) : resolve()))
    })
  }

  end(): void {
    this.#output.end()
  }
}

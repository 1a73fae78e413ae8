import { createHash } from "node:crypto"
import type { IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"

/** The little of WebSocket that the server speaks: text frames, no fragments, no pings. */
export function acceptSocket(
  request: IncomingMessage,
  socket: Duplex,
  receive: (text: string) => void,
): (text: string) => void {
  const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  const accept = createHash("sha1").update(key).digest("base64")
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  let buffer = Buffer.alloc(0)
  socket.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk])
    for (;;) {
      const frame = firstFrame(buffer)
      if (frame === undefined) return
      buffer = buffer.subarray(frame.size)
      if (frame.opcode === 8) socket.end(frameOf(8, frame.data))
      else if (frame.opcode === 9) socket.write(frameOf(10, frame.data))
      else if (frame.opcode === 1) receive(frame.data.toString())
    }
  })
  return (text) => {
    if (socket.writable) socket.write(frameOf(1, Buffer.from(text)))
  }
}

function firstFrame(buffer: Buffer) {
  if (buffer.length < 2) return undefined
  const short = buffer.readUInt8(1) & 127
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0
  const start = 2 + extra + 4
  if (buffer.length < start) return undefined
  const length =
    extra === 2 ? buffer.readUInt16BE(2) : extra === 8 ? Number(buffer.readBigUInt64BE(2)) : short
  if (buffer.length < start + length) return undefined
  const mask = buffer.subarray(start - 4, start)
  const data = Buffer.from(buffer.subarray(start, start + length))
  for (const [index, byte] of data.entries()) data[index] = byte ^ (mask[index % 4] ?? 0)
  return { opcode: buffer.readUInt8(0) & 15, data, size: start + length }
}

function frameOf(opcode: number, data: Buffer): Buffer {
  const head = Buffer.alloc(data.length < 126 ? 2 : data.length < 65_536 ? 4 : 10)
  head.writeUInt8(128 | opcode, 0)
  head.writeUInt8(data.length < 126 ? data.length : data.length < 65_536 ? 126 : 127, 1)
  if (head.length === 4) head.writeUInt16BE(data.length, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(data.length), 2)
  return Buffer.concat([head, data])
}

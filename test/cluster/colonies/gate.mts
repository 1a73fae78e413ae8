import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net"

/** Passes connections on to a server. Shut, it is to clients as if the server were down. */
export interface Gate {
  readonly port: number
  /** Cuts every connection and takes no new one. */
  shut(): Promise<void>
  open(): Promise<void>
  close(): Promise<void>
}

export async function openGate(
  to: { readonly host: string; readonly port: number },
  host = "127.0.0.1",
): Promise<Gate> {
  const sockets = new Set<Socket>()
  let server: Server | undefined
  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      const listening = createServer((client) => {
        const onward = connect(to.port, to.host)
        for (const socket of [client, onward]) {
          sockets.add(socket)
          socket.on("error", () => {})
          socket.on("close", () => {
            sockets.delete(socket)
            client.destroy()
            onward.destroy()
          })
        }
        client.pipe(onward).pipe(client)
      })
      server = listening
      listening.once("error", reject)
      listening.listen(port, host, () => resolve((listening.address() as AddressInfo).port))
    })
  const shut = async () => {
    const closed = new Promise<void>((resolve) => {
      if (server === undefined) resolve()
      else server.close(() => resolve())
    })
    server = undefined
    for (const socket of sockets) socket.destroy()
    await closed
  }
  const port = await listen(0)
  return {
    port,
    shut,
    open: async () => {
      await listen(port)
    },
    close: shut,
  }
}

import net from "node:net"

/**
 * Runs `work` while no other process on this machine holds the lock `name`; whoever waits is told the
 * holder's purpose. The lock is a listening abstract socket, so the kernel frees a dead holder's lock
 * and wakes those who wait: nothing goes stale and nothing polls.
 */
export async function withLock<T>(
  { name, purpose, tell }: { name: string; purpose: string; tell: (sentence: string) => void },
  work: () => Promise<T>,
): Promise<T> {
  const address = `\0kube-executions-${name}`
  for (;;) {
    const release = await take(address, `${purpose} (process ${process.pid})`)
    if (release === undefined) {
      await released(address, (holder) => tell(`waits for another process: ${holder}`))
      continue
    }
    try {
      return await work()
    } finally {
      release()
    }
  }
}

/** Answers undefined when somebody else holds the lock. */
function take(address: string, purpose: string): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<net.Socket>()
    const server = net.createServer((socket) => {
      waiting.add(socket)
      socket.on("close", () => waiting.delete(socket))
      socket.on("error", () => socket.destroy())
      socket.write(purpose)
    })
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined)
      else reject(error)
    })
    server.listen(address, () => {
      resolve(() => {
        server.close()
        for (const socket of waiting) socket.destroy()
      })
    })
  })
}

function released(address: string, tell: (holder: string) => void): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(address)
    socket.once("data", (purpose) => tell(purpose.toString()))
    // An error here means that the holder went away between our two calls.
    socket.on("error", () => socket.destroy())
    socket.on("close", () => resolve())
  })
}

import { RpcError } from "./rpcError.mts"
import { type Decoded, decode, type Shape, WrongType } from "./shapes.mts"
import type { World } from "./world.mts"

export interface Call {
  readonly world: World
  /** Id of who signed; "" when the message needs no signature. */
  readonly caller: string
  /** Aborted when the caller hung up. */
  readonly gone: AbortSignal
}

export type Handler = (call: Call, message: unknown) => unknown
export type Handlers = Readonly<Record<string, Handler>>

/** `doing` is how the server names the call in its complaint about JSON that does not fit. */
export function on<const F extends { readonly [name: string]: Shape }>(
  doing: string,
  fields: F,
  answer: (message: Decoded<{ readonly fields: F }>, call: Call) => unknown,
): Handler {
  return (call, raw) => {
    let message: Decoded<{ readonly fields: F }>
    try {
      message = decode({ fields }, raw) as Decoded<{ readonly fields: F }>
    } catch (error) {
      if (error instanceof WrongType) throw new RpcError(400, `Failed to ${doing}, invalid JSON`)
      throw error
    }
    return answer(message, call)
  }
}

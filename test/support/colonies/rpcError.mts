/** A reply with `error: true`. `twice`: the server writes the envelope two times into one body. */
export class RpcError extends Error {
  readonly status: number
  readonly twice: boolean

  constructor(status: number, message: string, twice = false) {
    super(message)
    this.status = status
    this.twice = twice
  }
}

export interface Identity {
  readonly pid: number
  readonly began: string
}
export function identify(pid: number): Identity | undefined
export function isAlive(identity: Identity | undefined): boolean

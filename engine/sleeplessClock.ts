/**
 * Milliseconds that also count while this process, or its machine, stands still: the steady clock may
 * stop while a machine sleeps, and the one on the wall may be set back.
 */
export function sleeplessClock(): () => number {
  let [steady, wall, passed] = [performance.now(), Date.now(), 0]
  return () => {
    const now = [performance.now(), Date.now()] as const
    passed += Math.max(now[0] - steady, now[1] - wall)
    ;[steady, wall] = now
    return passed
  }
}

/**
 * Asks again and again, and tells since when nothing was answered, or that answers come again. Turns
 * are counted, not time: a machine that slept a night missed none.
 */
export function watchSilence(
  ask: () => Promise<unknown>,
  onChange: (silentSince: number | undefined) => void,
): { readonly dispose: () => void } {
  let answeredAt = Date.now()
  let isAsking = false
  let missed = 0
  let isOver = false
  const turn = () => {
    if (isAsking) {
      missed++
      if (missed === patience) onChange(answeredAt)
      return
    }
    isAsking = true
    // Who refuses is there, too.
    void ask()
      .catch(() => {})
      .then(() => {
        const wasSilent = missed >= patience
        isAsking = false
        missed = 0
        answeredAt = Date.now()
        if (wasSilent && !isOver) onChange(undefined)
      })
  }
  const timer = setInterval(turn, turnMs)
  const dispose = () => {
    isOver = true
    clearInterval(timer)
  }
  return { dispose }
}

const turnMs = 5_000
/** How many turns a busy engine may take to answer. */
const patience = 4

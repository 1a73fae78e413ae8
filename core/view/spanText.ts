/** A length of time as people say it: `46 s`, `1 m 10 s`, `2 h 05 m`, `3 d`. */
export function spanText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds === 0 && milliseconds > 0) return `${Math.round(milliseconds)} ms`
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)]
  if (minutes === 0) return `${seconds} s`
  if (hours === 0) return `${minutes} m ${padded(seconds % 60)} s`
  return hours < 48 ? `${hours} h ${padded(minutes % 60)} m` : `${Math.floor(hours / 24)} d`
}

/** One unit is enough to say how long ago something was, or how long it will take. */
export function roughSpan(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.round(seconds / 60)} m`
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86400)} d`
}

function padded(number: number): string {
  return String(number).padStart(2, "0")
}

const dayLength = 86_400_000

/** RFC 3339 in seconds, UTC, as Kubernetes writes times. Fast, as large runs have many times. */
export function formatTime(milliseconds: number): string {
  const day = Math.floor(milliseconds / dayLength)
  const second = Math.floor((milliseconds - day * dayLength) / 1000)
  const hours = two(Math.floor(second / 3600))
  const minutes = two(Math.floor(second / 60) % 60)
  return `${dayText(day)}T${hours}:${minutes}:${two(second % 60)}Z`
}

export function parseTime(text: string): number | undefined {
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number)
}

let lastDay = { day: 0, text: "1970-01-01" }

function dayText(day: number): string {
  if (lastDay.day !== day) {
    lastDay = { day, text: new Date(day * dayLength).toISOString().slice(0, 10) }
  }
  return lastDay.text
}

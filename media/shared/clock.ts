/** When it was, on the clock of whoever looks; nothing for what is no time. */
export function clockText(time: number | string): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return ""
  const two = (number: number) => String(number).padStart(2, "0")
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

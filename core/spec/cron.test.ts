import { expect, test } from "vitest"
import { cronFault } from "./cron.ts"

test.each([
  "0 30 * * * *",
  "*/5 * * * * *",
  "0 0 9-17 ? JAN-mar MON,WED,5",
  "0 0 0 1/2 * *",
  "TZ=Europe/Stockholm 0 0 6 * * *",
  "@hourly",
  "@every 1h30m",
  "@every 1.5s",
])("%s is a time table", (text) => {
  expect(cronFault(text)).toBeUndefined()
})

test.each([
  ["", "", "it is empty"],
  ["*/5 * * * *", "*/5 * * * *", /it has 5 fields, six .* "0 \*\/5 \* \* \* \*"$/],
  ["* * * * * * *", "* * * * * * *", /it has 7 fields/],
  ["0 60 * * * *", "60", "60 is not a minute: 0 to 59"],
  ["0 0 0 0 * *", "0", "0 is not a day of month: 1 to 31"],
  ["0 0 0 * * 7", "7", "7 is not a day of week: 0 to 6"],
  ["0 0 0 * FOO *", "FOO", '"FOO" is not a month'],
  ["0 0 9-5 * * *", "9-5", 'the range "9-5" ends before it begins'],
  ["0 */0 * * * *", "*/0", 'the step "0" is not a number above 0'],
  ["0 1,,2 * * * *", "1,,2", '"" is not a minute'],
  ["@fortnightly", "@fortnightly", /is not one of @yearly/],
  ["@every soon", "soon", '"soon" is not a duration such as "90s" or "1h30m"'],
  ["@every -5s", "-5s", /is not a duration/],
  ["TZ= 0 0 0 * * *", "TZ= 0 0 0 * * *", "the time zone is missing"],
])("%j: the mistake has its place", (text, place, why) => {
  const fault = cronFault(text)
  expect(text.slice(fault?.start, fault?.end)).toBe(place)
  if (typeof why === "string") expect(fault?.why).toBe(why)
  else expect(fault?.why).toMatch(why)
})

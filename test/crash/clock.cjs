// Loaded before a program (node --require): its clocks and timers go forward by as many milliseconds as the
// file "clock" in its home says, as after a pause in which the world went on.
const { readFileSync } = require("node:fs")
const { join } = require("node:path")

const file = join(process.env.KUBE_EXECUTIONS_HOME, "clock")
const realDate = Date
const { now } = Date
const { setTimeout: realTimeout, clearTimeout: realClear } = globalThis
const realPerformance = performance.now.bind(performance)

/** Set by us alone, and only forward. */
let passed = 0
const look = () => {
  try {
    passed = Number(readFileSync(file, "utf8")) || passed
  } catch {
    // Nothing has passed yet.
  }
  return passed
}

globalThis.Date = class extends realDate {
  constructor(...all) {
    if (all.length === 0) super(now() + look())
    else super(...all)
  }
  static now() {
    return now() + look()
  }
}
performance.now = () => realPerformance() + look()

/** A timer that is due by the clock rings within a tenth of a second, however far that jumped. */
const isShort = 100
class Timer {
  constructor(work, ms, all, isRepeated) {
    this.work = () => work(...all)
    this.ms = Math.max(1, Number(ms) || 1)
    this.isRepeated = isRepeated
    this.isHeld = true
    this.start()
  }
  start() {
    this.dueAt = performance.now() + this.ms
    this.wait()
  }
  wait() {
    const left = this.dueAt - performance.now()
    this.real = realTimeout(() => this.ring(), Math.min(isShort, Math.max(0, left)))
    if (!this.isHeld) this.real.unref()
  }
  ring() {
    if (performance.now() < this.dueAt) {
      this.wait()
      return
    }
    if (this.isRepeated) this.start()
    this.work()
  }
  stop() {
    realClear(this.real)
    this.isRepeated = false
    this.isStopped = true
  }
  ref() {
    this.isHeld = true
    this.real.ref()
    return this
  }
  unref() {
    this.isHeld = false
    this.real.unref()
    return this
  }
  hasRef() {
    return this.isHeld
  }
  refresh() {
    realClear(this.real)
    this.start()
    return this
  }
  [Symbol.toPrimitive]() {
    return this.real[Symbol.toPrimitive]()
  }
}
const stop = (timer) => (timer instanceof Timer ? timer.stop() : realClear(timer))
globalThis.setTimeout = (work, ms, ...all) => new Timer(work, ms, all, false)
globalThis.setInterval = (work, ms, ...all) => new Timer(work, ms, all, true)
globalThis.clearTimeout = stop
globalThis.clearInterval = stop

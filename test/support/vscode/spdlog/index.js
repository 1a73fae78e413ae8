// Takes the place of VS Code's native logger, which would have to be compiled. Output channels are
// files that this writes, so without it they stay empty.
const { appendFileSync, closeSync, mkdirSync, openSync } = require("node:fs")
const { dirname } = require("node:path")

const levels = ["trace", "debug", "info", "warn", "error", "critical"]

class Logger {
  constructor(file) {
    this.file = file
    this.level = levels.indexOf("info")
    this.bare = false
    mkdirSync(dirname(file), { recursive: true })
    closeSync(openSync(file, "a"))
  }
  getLevel() {
    return this.level
  }
  setLevel(level) {
    this.level = level
  }
  setPattern() {}
  clearFormatters() {
    this.bare = true
  }
  flush() {}
  drop() {}
  write(level, message) {
    if (level < this.level) return
    const time = new Date().toISOString().replace("T", " ").replace("Z", "")
    appendFileSync(this.file, this.bare ? message : `${time} [${levels[level]}] ${message}\n`)
  }
}

for (const [level, name] of levels.entries()) {
  Logger.prototype[name] = function (message) {
    this.write(level, message)
  }
}

async function createLogger(_name, file) {
  return new Logger(file)
}

// One by one: VS Code import()s this, and sees only names that are assigned in this way.
exports.version = 0
exports.setLevel = () => {}
exports.setFlushOn = () => {}
exports.Logger = Logger
exports.createRotatingLogger = createLogger
exports.createAsyncRotatingLogger = createLogger

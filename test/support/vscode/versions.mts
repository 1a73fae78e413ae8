/**
 * The VS Code that the suites meet, and the npm package its server comes in. Change them together:
 * `npm view code-server@<version> dist.integrity` gives the last one.
 */
export const vscodeVersion = "1.139.1"
export const codeServerVersion = "4.139.1"
export const codeServerIntegrity =
  "sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew=="

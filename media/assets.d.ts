declare module "*.css"

/** A program of its own, bundled as text: a worker of a page that may load nothing by address. */
declare module "*?worker" {
  const code: string
  export default code
}

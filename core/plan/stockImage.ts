/** What our own programs run on in a cluster: the stock image of Node, as it is on Docker Hub. */
export const stockImage = "docker.io/library/node:24-slim"

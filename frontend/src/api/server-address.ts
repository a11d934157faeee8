/** Where this server is: it may share its host name with others, and is reached below a path of its own then. */

/** The path, without a slash at its end; empty where the server has the host name to itself. */
export const BASE_PATH = readBasePath(new URL(import.meta.url).pathname);

/** @param file the path of a file of this build, which the server has below `/static/ui/` */
export function readBasePath(file: string): string {
  return file.slice(0, Math.max(file.indexOf("/static/ui/"), 0));
}

/** A path of this server as the browser must ask for it. */
export function withBasePath(path: string): string {
  return BASE_PATH + path;
}

/** The address that callers of this server are given, without a slash at its end. */
export function getServerAddress(): string {
  return location.origin + BASE_PATH;
}

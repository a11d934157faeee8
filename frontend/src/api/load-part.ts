/** Loads code of the app that is fetched when it is needed. */
import { checkServer, isServerReachable, onServerReachable, serverStateStore } from "./server-state";

/** The code of a part of the app could not be loaded. Its cause is the browser's error. */
export class PartError extends Error {
  constructor(cause: unknown) {
    const reason = "The server may have been updated since this page was opened.";
    super(`The code of this part could not be loaded. ${reason} Load the page again.`, { cause });
  }
}

/**
 * Loads a part of the app. While the server is away the part waits for it, so that the page that needs the part stays.
 * @throws PartError when the server is there: the part may be gone since an update
 */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (error) {
    await checkServer();
    if (isServerReachable(serverStateStore.getState())) throw new PartError(error);
    await waitForServer();
    return await load();
  }
}

function waitForServer(): Promise<void> {
  return new Promise((resolve) => {
    const end = onServerReachable(() => {
      end();
      resolve();
    });
  });
}

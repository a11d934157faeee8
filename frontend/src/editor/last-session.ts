/** The session that each flow showed last in this tab. A browser that keeps nothing for the page begins anew. */

function getKey(flow: string): string {
  return `millrace.session.${flow}`;
}

export function readLastSession(flow: string): string | null {
  try {
    return sessionStorage.getItem(getKey(flow));
  } catch {
    return null;
  }
}

export function writeLastSession(flow: string, sessionId: string): void {
  try {
    sessionStorage.setItem(getKey(flow), sessionId);
  } catch {
    // The conversation goes on; only a reload forgets which one it was.
  }
}

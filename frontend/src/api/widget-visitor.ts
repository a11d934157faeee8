/**
 * Who visits a widget. Browsers keep cookies from frames in pages of other sites, so the frame stores a token in its own
 * storage, which browsers part by the site around it. Where even that is forbidden, the token lives as long as the page.
 */

interface Stored {
  /** The token that the server has given to this visitor; empty before that, and on a page that is in no frame. */
  visitor: string;
  /** The conversation that the widget shows. */
  conversation: string | null;
}

/** A site may show the chats of several pages, and share its storage with its sister sites. */
const KEY = `millrace.widget ${location.pathname}${location.search}`;
let stored: Stored = read();

export function getWidgetVisitor(): Stored {
  return stored;
}

export function storeWidgetVisitor(change: Partial<Stored>): void {
  stored = { ...stored, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(stored));
  } catch {
    // The browser lets this frame store nothing: the token stays in memory.
  }
}

function read(): Stored {
  const none = { visitor: "", conversation: null };
  try {
    return { ...none, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Stored>) };
  } catch {
    return none;
  }
}

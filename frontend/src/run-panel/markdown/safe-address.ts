/** The addresses that a link in an answer may lead to. Pure. */

const SAFE_PROTOCOLS = new Set(["http:", "https:", "mailto:"]);

/** The address of a link, when it is a whole one and leads to a page or a mailbox; null for any other. */
export function getSafeAddress(href: string): string | null {
  if (!URL.canParse(href)) return null;
  const address = new URL(href);
  return SAFE_PROTOCOLS.has(address.protocol) ? address.href : null;
}

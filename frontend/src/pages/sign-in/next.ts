const START = "/flows";

/** The sign-in page's address, with the page to come back to. */
export function signInAddress({ pathname, search }: { pathname: string; search: string }): string {
  const here = pathname + search;
  return here === "/" || here === START ? "/sign-in" : `/sign-in?next=${encodeURIComponent(here)}`;
}

/** Where to go after signing in: a page of this app, never another host. */
export function nextPage(search: URLSearchParams): string {
  const next = search.get("next") ?? START;
  const own =
    URL.canParse(next, location.origin) && new URL(next, location.origin).origin === location.origin;
  return own && next.startsWith("/") ? next : START;
}

const START_PAGE = "/flows";

/** The address of the sign-in page, with the page to return to. */
export function getSignInAddress({ pathname, search }: { pathname: string; search: string }): string {
  const here = pathname + search;
  return here === "/" || here === START_PAGE ? "/sign-in" : `/sign-in?next=${encodeURIComponent(here)}`;
}

/** The page to open after signing in: a page of this app, never of another host. */
export function getNextPage(search: URLSearchParams): string {
  const next = search.get("next") ?? START_PAGE;
  const own =
    URL.canParse(next, location.origin) && new URL(next, location.origin).origin === location.origin;
  return own && next.startsWith("/") ? next : START_PAGE;
}

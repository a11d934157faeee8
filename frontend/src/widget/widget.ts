/**
 * The script that other sites load: it puts a round button into their page, which opens the chat in a frame.
 *
 * It needs nothing, changes nothing else in the page, and hears only its own frame. It is one function, because a
 * script's names would be those of the page.
 */
(() => {
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement) || document.getElementById("millrace-chat")) return;
  /** Where the frame is: the address of this script, without its ending. */
  const base = script.src.replace(/\.js(\?.*)?$/, "");
  const server = new URL(base).origin;

  /** The two inks of each colour, in the light and in the dark. Those of src/ui/tokens.css. */
  const inks: Record<string, string> = {
    teal: "#0a605b,#6fd3ca",
    orange: "#93480a,#f7b77a",
    navy: "#213a6b,#a8bdec",
    violet: "#6a2fa0,#c9a2f2",
    slate: "#4a535f,#b1b9c3",
  };

  const rules = `
:host{all:initial;color-scheme:light dark}
button,p{position:fixed;right:20px;bottom:20px;z-index:2147483647;margin:0;border:0;
box-shadow:0 2px 6px rgb(0 0 0/.2),0 8px 24px rgb(0 0 0/.18)}
button{display:grid;place-items:center;width:56px;height:56px;padding:0;border-radius:50%;
background:light-dark(var(--ink));color:light-dark(#fff,#12161a);cursor:pointer}
button:focus-visible{outline:2px solid light-dark(#1f5fd6,#7aa8ff);outline-offset:3px}
svg{width:24px;height:24px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
p{max-width:min(320px,calc(100vw - 72px));padding:10px 14px;border-radius:10px;
background:light-dark(#fff,#20262d);color:light-dark(#171b21,#e8ebef);font:13px/18px system-ui,sans-serif}
div{position:fixed;right:20px;bottom:92px;z-index:2147483646;width:400px;max-width:calc(100vw - 40px);height:640px;
max-height:calc(100vh - 112px);border-radius:14px;overflow:hidden;background:light-dark(#fff,#171b20);
box-shadow:0 0 0 1px light-dark(#c8cdd5,#3a424c),0 12px 48px rgb(0 0 0/.24)}
div[hidden]{display:none}
iframe{display:block;width:100%;height:100%;border:0}
@media(max-width:559px){div{inset:0;width:auto;max-width:none;height:auto;max-height:none;border-radius:0}
div.ready:not([hidden]){z-index:2147483647}}
@media(prefers-reduced-motion:no-preference){div{animation:rise .12s}
@keyframes rise{from{opacity:0;transform:translateY(8px)}}}
@media print{button,p,div{display:none}}`;

  const glyphs = {
    closed: "M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3.5 20.5 5 15.7A8.4 8.4 0 1 1 21 11.5Z",
    open: "M6 9.5l6 6 6-6",
  };

  interface Button {
    title: string;
    colour: string;
  }

  const prepare = (): ShadowRoot => {
    const host = document.createElement("div");
    host.id = "millrace-chat";
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    root.adoptedStyleSheets = [sheet];
    document.body.append(host);
    return root;
  };

  const draw = (path: string): SVGSVGElement => {
    const [svg, line] = (["svg", "path"] as const).map((name) =>
      document.createElementNS("http://www.w3.org/2000/svg", name),
    ) as [SVGSVGElement, SVGPathElement];
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  };

  /** What the server says is wrong, for whoever builds the page. */
  const refuse = (message: string): void => {
    console.error(`Millrace chat: ${message}`);
    const note = document.createElement("p");
    note.setAttribute("role", "status");
    note.textContent = message;
    prepare().append(note);
  };

  const createFrame = (title: string): HTMLIFrameElement => {
    const frame = document.createElement("iframe");
    frame.title = title;
    frame.allow = "clipboard-write";
    // It may show the chat and open links in tabs of their own. It may not lead the page elsewhere.
    frame.setAttribute(
      "sandbox",
      "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads",
    );
    frame.src = `${base}?origin=${encodeURIComponent(location.origin)}`;
    return frame;
  };

  const show = ({ title, colour }: Button): void => {
    const root = prepare();
    const button = document.createElement("button");
    const panel = document.createElement("div");
    let frame: HTMLIFrameElement | null = null;
    button.type = "button";
    button.style.setProperty("--ink", inks[colour] ?? inks.teal ?? "");
    button.setAttribute("aria-haspopup", "dialog");
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", title);

    const set = (isOpen: boolean): void => {
      panel.hidden = !isOpen;
      button.setAttribute("aria-expanded", String(isOpen));
      button.setAttribute("aria-label", `${isOpen ? "Close" : "Open"} the chat: ${title}`);
      button.replaceChildren(draw(isOpen ? glyphs.open : glyphs.closed));
    };
    const open = (): void => {
      if (!frame) panel.append((frame = createFrame(title)));
      set(true);
      frame.focus();
      frame.contentWindow?.postMessage({ millrace: "opened" }, server);
    };
    const close = (): void => {
      set(false);
      button.focus();
    };
    button.onclick = () => (panel.hidden ? open() : close());
    root.addEventListener("keydown", (event) => {
      if ((event as KeyboardEvent).key === "Escape" && !panel.hidden) close();
    });
    addEventListener("message", ({ origin, source, data }: MessageEvent<{ millrace?: string } | null>) => {
      if (origin !== server || !frame || source !== frame.contentWindow) return;
      if (data?.millrace === "ready") panel.className = "ready";
      if (data?.millrace === "close" && !panel.hidden) close();
    });
    set(false);
    root.append(button, panel);
  };

  const start = async (): Promise<void> => {
    const answer = await fetch(`${base}.json`, { credentials: "omit" });
    const found = (await answer.json()) as Button & { error?: { message: string; hint?: string } };
    if (answer.ok) show(found);
    else if (answer.status === 403) refuse(`${found.error?.message} ${found.error?.hint ?? ""}`);
    else console.error(`Millrace chat: ${found.error?.message}`);
  };
  const begin = (): void =>
    void start().catch(() => console.error(`Millrace chat: ${server} does not answer.`));
  if (document.body as HTMLElement | null) begin();
  else addEventListener("DOMContentLoaded", begin);
})();

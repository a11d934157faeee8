/** Brings the first thing that a form says is wrong into view, when it is drawn: it may lie below the window. */
export function scrollToFault(form: HTMLElement): void {
  requestAnimationFrame(() => {
    const found = form.querySelector("[aria-invalid=true], [role=alert]");
    const words = document.getElementById(found?.getAttribute("aria-describedby") ?? "");
    (words ?? found)?.scrollIntoView({ block: "nearest" });
  });
}

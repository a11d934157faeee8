/**
 * The ref of the search field of a list that lies above others. It keeps the focus in the field: the library of the
 * lists moves the focus from each field that bears its mark to the list whose entries change, such as the palette when
 * the window becomes wider.
 */
export function keepFocus(field: HTMLInputElement | null): void {
  field?.removeAttribute("cmdk-input");
}

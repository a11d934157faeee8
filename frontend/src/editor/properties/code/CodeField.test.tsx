import { screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { renderPart } from "../../../testing/render";
import { CodeField } from "./CodeField";

const naming = { id: "field", labelledBy: "label", describedBy: undefined, isInvalid: false };

function Field() {
  const [text, setText] = useState("Say {{");
  return (
    <>
      <span id="label">Prompt</span>
      <CodeField
        {...{ language: "template", naming, scope: [], tokens: [], placeholder: "", required: false }}
        {...{ readOnly: false, large: false, caret: 6, value: text, onChange: setText }}
      />
    </>
  );
}

/** Returns what has the focus as soon as an element is gone, before another task can begin. */
function getFocusAfter(element: Element): Promise<Element | null> {
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!element.isConnected) resolve(document.activeElement);
    });
    observer.observe(document.body, { childList: true, subtree: true });
  });
}

test("the focus is nowhere else while the editor takes the place of the plain field", async () => {
  renderPart(<Field />);
  const plain = screen.getByRole("textbox", { name: "Prompt" });
  expect(plain).toHaveFocus();
  expect(await getFocusAfter(plain)).toBe(screen.getByRole("textbox", { name: "Prompt" }));
});

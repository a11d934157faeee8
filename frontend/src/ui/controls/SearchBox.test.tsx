import { screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { renderPart } from "../../testing/render";
import { SearchBox } from "./SearchBox";

function Search() {
  const [words, setWords] = useState("");
  return <SearchBox label="Find a flow" value={words} onChange={setWords} />;
}

test("the first Escape empties the field, the next one leaves it", async () => {
  const { user } = renderPart(<Search />);
  const field = screen.getByRole("searchbox", { name: "Find a flow" });
  await user.type(field, "night{Escape}");
  expect(field).toHaveValue("");
  expect(field).toHaveFocus();
  await user.keyboard("{Escape}");
  expect(field).not.toHaveFocus();
});

test.each(["{Control>}z{/Control}", "{Meta>}z{/Meta}"])("what Escape took comes back by %s", async (undo) => {
  const { user } = renderPart(<Search />);
  const field = screen.getByRole("searchbox", { name: "Find a flow" });
  await user.type(field, `night{Escape}${undo}`);
  expect(field).toHaveValue("night");
});

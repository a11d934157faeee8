import { render, screen } from "@testing-library/react";
import { describe, expect, it, test } from "vitest";
import { emptyText, parseBlocks } from "./blocks";
import { Markdown } from "./Markdown";
import { closeOpenMarks } from "./open-marks";
import { markSource } from "./source-marks";

function show(text: string) {
  return render(<Markdown text={text} isGrowing={false} />).container;
}

describe("Markdown", () => {
  it("shows headings, lists, tables, code and links as what they are", () => {
    show(
      "# Top\n\n1. one\n2. two\n\n- [x] done\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```python\nprint(1)\n```\n\n[here](https://example.com/x) & &lt;`a<b`",
    );
    expect(screen.getByRole("heading", { name: "Top", level: 3 })).toBeVisible();
    expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual(["one", "two", "done"]);
    expect(screen.getByRole("checkbox")).toBeChecked();
    expect(screen.getByRole("cell", { name: "2" })).toHaveStyle({ textAlign: "right" });
    expect(screen.getByText("print(1)").closest("pre")).toBeVisible();
    expect(screen.getByRole("button", { name: "Copy the code" })).toBeVisible();
    const link = screen.getByRole("link", { name: "here" });
    expect(link).toHaveAttribute("rel", "noopener noreferrer nofollow");
    expect(link.parentElement).toHaveTextContent("here & <a<b");
  });

  it("is inert: no HTML, no script, no foreign image, no other address than a page's or a mailbox's", () => {
    const container = show(
      [
        "<script>window.hit = 1</script>",
        '<img src="https://evil.example/x.png" onerror="window.hit = 1"> inline <b onclick="x">b</b>',
        "![pixel](https://evil.example/p.png) ![data](data:image/svg+xml;base64,AAAA)",
        "[js](javascript:alert(1)) [JS](JaVaScRiPt:alert(1)) [enc](java&#115;cript:alert(1)) [d](data:text/html,x) [v](vbscript:x)",
        "[rel](/logout) [proto](//evil.example) <javascript:alert(1)>",
        "<iframe src='https://evil.example'></iframe><style>*{display:none}</style>",
        "&lt;img src=x onerror=alert(1)&gt;",
        "[ref]\n\n[ref]: javascript:alert(1)",
        '```"><img src=x>\n</code><script>1</script>\n```',
      ].join("\n\n"),
    );
    expect(
      container.querySelectorAll("img, script, iframe, style, svg image, object, embed, form"),
    ).toHaveLength(0);
    expect([...container.querySelectorAll("a")].map((link) => link.href)).toEqual([
      "https://evil.example/p.png",
    ]);
    expect([...container.querySelectorAll("*")].filter(hasHandler)).toEqual([]);
    expect(container).toHaveTextContent("<script>window.hit = 1</script>");
    expect(container).toHaveTextContent("<img src=x onerror=alert(1)>");
  });
});

test("the numbers of sources stand in the text, and never in code", () => {
  const mark = markSource(2);
  const container = show(`It is **safe.**${mark} See \`a${mark}\`.\n\n\`\`\`\nb${mark}\n\`\`\``);
  expect(container.querySelector("p")).toHaveTextContent("It is safe. Source 2 See a .");
  expect(container.querySelector("strong")).toHaveTextContent("safe.");
  expect(container.querySelector("pre")?.textContent).toBe("b ");
});

function hasHandler(element: Element): boolean {
  return element.getAttributeNames().some((name) => name.startsWith("on"));
}

const samples = [
  "# Head\n\nText **bold** and `code`.\n\n- a\n\n- b\n  - c\n\n1. x\n\n```js\nlet a;\n\nlet b;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nend",
  "Setext\n===\n\n> quote\n> more\n\nlast\n---\n",
];

test.each(samples)("a text that grows by one character ends as one that is read at once", (text) => {
  let parsed = emptyText;
  for (let end = 1; end <= text.length; end += 1) parsed = parseBlocks(parsed, text.slice(0, end), true);
  const shown = (growing: typeof parsed) =>
    growing.blocks.map(({ token }) => [token.type, token.raw.trimEnd()]);
  expect(shown(parsed)).toEqual(shown(parseBlocks(emptyText, text, true)));
});

test("of a text that grows, the finished blocks stay the same objects", () => {
  const before = parseBlocks(emptyText, "One.\n\nTwo.\n\nThr", true);
  const after = parseBlocks(before, "One.\n\nTwo.\n\nThree.", true);
  expect(after.blocks[0]).toBe(before.blocks[0]);
  expect(after.blocks[2]).toBe(before.blocks[2]);
  expect(after.blocks.at(-1)?.token.raw).toBe("Three.");
});

test.each([
  ["a **b", "a **b**"],
  ["a **b ", "a **b**"],
  ["a **", "a "],
  ["a **b** c", "a **b** c"],
  ["a `b", "a `b`"],
  ["a `", "a "],
  ["```\n**a", "```\n**a"],
])("what %j has opened is closed until its end arrives", (text, shown) => {
  expect(closeOpenMarks(text)).toBe(shown);
});

import type { Token, Tokens } from "marked";
import type { ReactNode } from "react";
import { decodeEntities } from "./entities";
import { getSafeAddress } from "./safe-address";
import { dropSourceMarks, splitSourceMarks } from "./source-marks";
import { SourceMark } from "./SourceMark";

/** The parts of a line of Markdown. What is none of those below, such as raw HTML, is shown as text. */
export function InlineTokens({ tokens }: { tokens: Token[] | undefined }): ReactNode {
  return tokens?.map((token, index) => <InlineToken key={index} token={token} />);
}

function InlineToken({ token }: { token: Tokens.Generic }): ReactNode {
  const children = <InlineTokens tokens={token.tokens} />;
  switch (token.type) {
    case "strong":
      return <strong>{children}</strong>;
    case "em":
      return <em>{children}</em>;
    case "del":
      return <del>{children}</del>;
    case "codespan":
      return <code>{dropSourceMarks((token as Tokens.Codespan).text)}</code>;
    case "br":
      return <br />;
    case "link":
      return <SafeLink href={(token as Tokens.Link).href}>{children}</SafeLink>;
    case "image":
      return <ImageLink image={token as Tokens.Image} />;
    case "text":
    case "escape":
      return token.tokens ? children : <MarkedText text={(token as Tokens.Text).text} />;
    default:
      return dropSourceMarks(token.raw);
  }
}

/** A text, with the numbers of its sources where they were set. */
export function MarkedText({ text }: { text: string }): ReactNode {
  return splitSourceMarks(text).map((part, index) =>
    typeof part === "number" ? <SourceMark key={index} number={part} /> : decodeEntities(part),
  );
}

/** A link that opens a page of its own, which is told nothing of this one. */
function SafeLink({ href, children }: { href: string; children: ReactNode }) {
  const address = getSafeAddress(href);
  if (address === null) return children;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow" title={address}>
      {children}
    </a>
  );
}

/** An image is not loaded, because its address would tell its server who reads the answer. */
function ImageLink({ image }: { image: Tokens.Image }) {
  return <SafeLink href={image.href}>Image: {image.text || image.href}</SafeLink>;
}

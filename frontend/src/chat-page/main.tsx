import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../ui/tokens.css";
import "../ui/base.css";
import { ChatPage } from "./ChatPage";
import { pageAddress } from "./frame";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <ChatPage address={pageAddress} />
    </StrictMode>,
  );
}

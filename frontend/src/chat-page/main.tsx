import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../ui/tokens.css";
import "../ui/base.css";
import { ChatPage } from "./ChatPage";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <ChatPage address={decodeURIComponent(location.pathname.split("/").at(-1) ?? "")} />
    </StrictMode>,
  );
}

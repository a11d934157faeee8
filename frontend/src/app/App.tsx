import { QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { createBrowserRouter } from "react-router";
import { RouterProvider } from "react-router/dom";
import { createQueryClient } from "../api/query-client";
import { BASE_PATH } from "../api/server-address";
import { Toasts } from "../ui/feedback/Toasts";
import { TooltipProvider } from "../ui/overlays/Tooltip";
import { routes } from "./routes";

export function App() {
  const [client] = useState(createQueryClient);
  const [router] = useState(() => createBrowserRouter(routes, { basename: BASE_PATH || undefined }));
  return (
    <QueryClientProvider client={client}>
      <TooltipProvider>
        <RouterProvider router={router} />
        <Toasts />
      </TooltipProvider>
    </QueryClientProvider>
  );
}

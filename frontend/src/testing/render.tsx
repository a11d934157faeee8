import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { createQueryClient } from "../api/query-client";
import type { Me, Role } from "../api/types";
import { routes } from "../app/routes";
import { Toasts } from "../ui/feedback/Toasts";
import { TooltipProvider } from "../ui/overlays/Tooltip";

export function createMe(role: Role): Me {
  const workspace = { id: "w1", name: "Tidewell", role };
  const user = { id: "u1", name: "Ines Moreau" };
  const second_factor = { is_offered: false, is_required: false, is_missing: false };
  return { user, workspace, second_factor, workspaces: [workspace], demo: false, setup_faults: [] };
}

/** Renders the whole app at an address, with a person at the keyboard. */
export function openApp(address: string) {
  const router = createMemoryRouter(routes, { initialEntries: [address] });
  renderAround(<RouterProvider router={router} />);
  return { user: userEvent.setup(), router };
}

/** Renders a part of the app on a page of its own. */
export function renderPart(part: ReactNode) {
  const router = createMemoryRouter([{ path: "*", element: part }]);
  return { user: userEvent.setup(), ...renderAround(<RouterProvider router={router} />) };
}

function renderAround(content: ReactNode) {
  return render(
    <QueryClientProvider client={createQueryClient()}>
      <TooltipProvider>
        {content}
        <Toasts />
      </TooltipProvider>
    </QueryClientProvider>,
  );
}

import { Navigate, type RouteObject } from "react-router";
import { CrashPage } from "./CrashPage";
import { NotFoundPage } from "./NotFoundPage";
import { RequireSession } from "./RequireSession";
import { Shell } from "./Shell";

/** The addresses of the app. The code of a page is loaded when the page is opened for the first time. */
export const routes: RouteObject[] = [
  {
    errorElement: <CrashPage />,
    HydrateFallback: () => null,
    children: [
      {
        path: "/sign-in",
        lazy: async () => ({ Component: (await import("../pages/sign-in/SignInPage")).SignInPage }),
      },
      {
        element: <RequireSession />,
        children: [
          {
            path: "/flows/:flow",
            lazy: async () => ({ Component: (await import("../editor/EditorPage")).EditorPage }),
          },
          {
            element: <Shell />,
            children: [
              { index: true, element: <Navigate to="/flows" replace /> },
              {
                path: "/flows",
                lazy: async () => ({ Component: (await import("../pages/flows/FlowsPage")).FlowsPage }),
              },
              {
                path: "/connections",
                lazy: async () => ({
                  Component: (await import("../pages/connections/ConnectionsPage")).ConnectionsPage,
                }),
              },
              {
                path: "/collections",
                lazy: async () => ({
                  Component: (await import("../pages/collections/CollectionsPage")).CollectionsPage,
                }),
              },
              {
                path: "/collections/:collection",
                lazy: async () => ({
                  Component: (await import("../pages/collections/CollectionPage")).CollectionPage,
                }),
              },
              {
                path: "/api-keys",
                lazy: async () => ({
                  Component: (await import("../pages/api-keys/ApiKeysPage")).ApiKeysPage,
                }),
              },
              { path: "*", element: <NotFoundPage /> },
            ],
          },
        ],
      },
    ],
  },
];

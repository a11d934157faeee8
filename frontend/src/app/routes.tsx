import { Navigate, type RouteObject } from "react-router";
import { loadPart } from "../api/load-part";
import { CrashPage } from "./CrashPage";
import { Frame } from "./Frame";
import { NotFoundPage } from "./NotFoundPage";
import { OtherEntry } from "./OtherEntry";
import { RequireSession } from "./RequireSession";
import { Shell } from "./Shell";

/** The addresses of the app. The code of a page is loaded when the page is opened for the first time. */
export const routes: RouteObject[] = [
  {
    element: <Frame />,
    errorElement: <CrashPage />,
    HydrateFallback: () => null,
    children: [
      {
        errorElement: <CrashPage />,
        children: [
          {
            path: "/sign-in",
            lazy: async () => ({
              Component: (await loadPart(() => import("../pages/sign-in/SignInPage"))).SignInPage,
            }),
          },
          {
            path: "/join",
            lazy: async () => ({
              Component: (await loadPart(() => import("../pages/join/JoinPage"))).JoinPage,
            }),
          },
          {
            path: "/new-password",
            lazy: async () => ({
              Component: (await loadPart(() => import("../pages/join/NewPasswordPage"))).NewPasswordPage,
            }),
          },
          { path: "/chat/:address", element: <OtherEntry /> },
          {
            element: <RequireSession />,
            children: [
              {
                path: "/flows/:flow",
                lazy: async () => ({
                  Component: (await loadPart(() => import("../editor/EditorPage"))).EditorPage,
                }),
              },
              {
                element: <Shell />,
                children: [
                  { index: true, element: <Navigate to="/flows" replace /> },
                  {
                    path: "/flows",
                    lazy: async () => ({
                      Component: (await loadPart(() => import("../pages/flows/FlowsPage"))).FlowsPage,
                    }),
                  },
                  {
                    path: "/flows/templates",
                    lazy: async () => ({
                      Component: (await loadPart(() => import("../pages/templates/TemplatesPage")))
                        .TemplatesPage,
                    }),
                  },
                  {
                    path: "/connections",
                    lazy: async () => ({
                      Component: (await loadPart(() => import("../pages/connections/ConnectionsPage")))
                        .ConnectionsPage,
                    }),
                  },
                  {
                    path: "/variables",
                    lazy: async () => ({
                      Component: (await loadPart(() => import("../pages/variables/VariablesPage")))
                        .VariablesPage,
                    }),
                  },
                  {
                    path: "/collections",
                    lazy: async () => ({
                      Component: (await loadPart(() => import("../pages/collections/CollectionsPage")))
                        .CollectionsPage,
                    }),
                  },
                  {
                    path: "/collections/:collection",
                    lazy: async () => ({
                      Component: (await loadPart(() => import("../pages/collections/CollectionPage")))
                        .CollectionPage,
                    }),
                  },
                  {
                    path: "/api-keys",
                    lazy: async () => ({
                      Component: (await loadPart(() => import("../pages/api-keys/ApiKeysPage"))).ApiKeysPage,
                    }),
                  },
                  {
                    path: "/members",
                    lazy: async () => ({
                      Component: (await loadPart(() => import("../pages/members/MembersPage"))).MembersPage,
                    }),
                  },
                  {
                    path: "/queue",
                    lazy: async () => ({
                      Component: (await loadPart(() => import("../pages/queue/QueuePage"))).QueuePage,
                    }),
                  },
                  {
                    path: "/usage",
                    lazy: async () => ({
                      Component: (await loadPart(() => import("../pages/usage/UsagePage"))).UsagePage,
                    }),
                  },
                  {
                    path: "/audit-log",
                    lazy: async () => ({
                      Component: (await loadPart(() => import("../pages/audit-log/AuditLogPage")))
                        .AuditLogPage,
                    }),
                  },
                  {
                    path: "/stream-check",
                    lazy: async () => ({
                      Component: (await loadPart(() => import("../pages/stream-check/StreamCheckPage")))
                        .StreamCheckPage,
                    }),
                  },
                  {
                    path: "/account",
                    lazy: async () => ({
                      Component: (await loadPart(() => import("../pages/own-account/AccountPage")))
                        .AccountPage,
                    }),
                  },
                  { path: "*", element: <NotFoundPage /> },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
];

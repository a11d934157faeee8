import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import { reportSignedIn } from "./server-state";
import type { Me, OpenedInvitation } from "./types";

/** Loads what a link invites to. An error says why it cannot be used. */
export function useInvitation(token: string) {
  return useQuery({
    queryKey: queryKeys.invitation(token),
    queryFn: ({ signal }) => call<OpenedInvitation>("POST", "open-invitation", { body: { token }, signal }),
    staleTime: Infinity,
  });
}

export interface NewAccountBody {
  username: string;
  name: string;
  password: string;
}

/** How somebody joins: as the person who is signed in, with an account, or with a new one. */
export type JoinBody =
  | { path: "accept-invitation" }
  | ({ path: "sign-up" } & NewAccountBody)
  | { path: "sign-in"; username: string; password: string };

/** Joins by an invitation. What another person saw before is forgotten. */
export function useJoin(token: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, ...fields }: JoinBody) =>
      call<Me>("POST", path, {
        body: path === "sign-in" ? { ...fields, invitation: token } : { ...fields, token },
      }),
    gcTime: 0,
    onSuccess: (me) => {
      client.clear();
      client.setQueryData(queryKeys.me, me);
      reportSignedIn();
    },
  });
}

export function useResetPassword(token: string) {
  return useMutation({
    mutationFn: (password: string) =>
      call<undefined>("POST", "reset-password", { body: { token, password } }),
    gcTime: 0,
  });
}

import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, call } from "./client";
import { queryKeys } from "./query-keys";
import { reportSignedIn } from "./server-state";
import type { Me, SignInState } from "./types";

const CODE_REQUIRED = "second_factor_required";

/** Loads who else can say who somebody is, and whether a sign-in of this browser waits for a code. */
export function useSignInState() {
  return useQuery({
    queryKey: queryKeys.signIn,
    queryFn: ({ signal }) => call<SignInState>("GET", "sign-in", { signal }),
  });
}

/** Whether the sign-in is right so far, and waits for the code of the second factor. */
export function isCodeRequired(error: Error | null): boolean {
  return error instanceof ApiError && error.code === CODE_REQUIRED;
}

/** Lets every form ask for the code: the server has just said that the sign-in waits for it. */
export function waitForCode(client: QueryClient): void {
  client.setQueryData<SignInState>(queryKeys.signIn, (state) => state && { ...state, needs_code: true });
}

/** Ends a sign-in with the code of the second factor, or with a recovery code. */
export function useGiveCode() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (code: string) => call<Me>("POST", "sign-in/second-factor", { body: { code } }),
    gcTime: 0,
    onSuccess: (me) => {
      client.removeQueries({ queryKey: queryKeys.signIn });
      client.setQueryData(queryKeys.me, me);
      reportSignedIn();
    },
  });
}

/** Gives up a sign-in that waits for a code. */
export function useCancelSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<undefined>("POST", "sign-out"),
    onSettled: () => client.resetQueries({ queryKey: queryKeys.signIn }),
  });
}

export interface ProviderWay {
  /** The page of this app to return to. */
  next?: string;
  /** The token of an invitation that is accepted with the sign-in. */
  invitation?: string;
  /** Connects the own account instead of signing in. */
  connect?: boolean;
}

/** Leaves this app for the identity provider, which leads back. */
export function useGoToProvider() {
  return useMutation({
    mutationFn: (way: ProviderWay) => call<{ url: string }>("POST", "sign-in/provider", { body: way }),
    gcTime: 0,
    onSuccess: ({ url }) => location.assign(url),
  });
}

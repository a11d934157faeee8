/** The chat page of a flow, as its editor sets it up. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { ChatPage } from "./types";

export type ChatPageChange = Omit<ChatPage, "url">;

export function useChatPage(flow: string) {
  return useQuery({
    queryKey: queryKeys.chatPage(flow),
    queryFn: ({ signal }) => call<ChatPage>("GET", `flows/${flow}/chat-page`, { signal }),
  });
}

export function useChangeChatPage(flow: string) {
  return useChatPageCall(flow, (body: ChatPageChange) =>
    call<ChatPage>("PATCH", `flows/${flow}/chat-page`, { body }),
  );
}

/** Gives the page another link. The one before leads nowhere from now on. */
export function useReplaceChatLink(flow: string) {
  return useChatPageCall(flow, () => call<ChatPage>("POST", `flows/${flow}/chat-page/link`));
}

function useChatPageCall<Given>(flow: string, mutationFn: (given: Given) => Promise<ChatPage>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: (page) => client.setQueryData(queryKeys.chatPage(flow), page),
  });
}

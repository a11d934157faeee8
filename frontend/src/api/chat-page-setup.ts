/** The chat page of a flow, as its editor sets it up. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { KeyLimits } from "./api-keys";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { ChatPage } from "./types";

export type ChatPageChange = Omit<ChatPage, "url" | "logo" | "limits"> & { limits: KeyLimits };

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

/** Gives the page a picture as its logo, or takes that away. */
export function useChangeLogo(flow: string) {
  return useChatPageCall(flow, async (file: File | null) => {
    const path = `flows/${flow}/chat-page/logo`;
    if (file === null) return call<ChatPage>("DELETE", path);
    return call<ChatPage>("PUT", path, { body: { image: await readBase64(file) } });
  });
}

function readBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).replace(/^[^,]*,/, ""));
    reader.onerror = () => reject(reader.error ?? new Error("The file cannot be read."));
    reader.readAsDataURL(file);
  });
}

function useChatPageCall<Given>(flow: string, mutationFn: (given: Given) => Promise<ChatPage>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: (page) => client.setQueryData(queryKeys.chatPage(flow), page),
  });
}

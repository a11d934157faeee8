"""The UI message stream of the AI SDK: a flow behind `useChat`, which comes back after a reload."""

"""OpenAI's chat completions: a flow as the model of every client and chat page that speaks them."""

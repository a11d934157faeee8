"""OpenAI's Responses: a flow as the model of newer code of OpenAI's, which lets the server keep the conversation."""

"""The address of connections, and a canary for a key: whatever shows the canary has leaked it."""

PATH = "/api/v1/connections"
CANARY = "sk-ant-canary-7Qm3vX9cJ2-end4"
ADDRESS = "https://gateway.example.com"

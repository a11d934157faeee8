"""Django REST framework in this server's manner: its parser, its one shape of refusal, and the base of its views."""

"""What makes a key one that can be sent in a header."""

from pydantic import SecretStr

MAX_KEY_CHARACTERS = 500


def check_key(key: SecretStr) -> SecretStr:
    """Return the key; raises ValueError with a sentence that does not show it."""
    written = key.get_secret_value()
    if not written:
        raise ValueError("The API key is empty.")
    if len(written) > MAX_KEY_CHARACTERS:
        raise ValueError(f"The API key is longer than {MAX_KEY_CHARACTERS} characters.")
    if not all("!" <= character <= "~" for character in written):
        raise ValueError("The API key holds a space, a line break or a letter outside ASCII. Copy it again.")
    return key

"""The JSON of second factors and of the identity provider. Types only."""

from web.shapes import Shape


class ProviderAddress(Shape):
    """The page of the identity provider that the browser opens next."""

    url: str


class FactorSetup(Shape):
    """A second factor that is not confirmed yet, for an app of codes: as a text, an address, and a QR code in SVG."""

    secret: str
    address: str
    picture: str


class RecoveryCodes(Shape):
    """Codes that work once each, in the place of the app's. They are shown in this answer alone."""

    codes: list[str]

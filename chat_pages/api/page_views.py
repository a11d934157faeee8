"""The chat page of a flow over REST, for those who edit the flow."""

import base64
from collections.abc import Sequence
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from chat_pages import logos, pages
from chat_pages.api import shapes
from chat_pages.models import MAX_TITLE_CHARACTERS, Access, ChatPage, Colour
from flows.addresses import FlowReference
from flows.api.flow_views import FlowView
from flows.models import MAX_ADDRESS_CHARACTERS
from web.drf.serializers import StrictSerializer, TextField
from web.openapi import Answer, operation
from workspaces.access import Permission
from workspaces.api.api_keys import ChangedLimits, OriginField
from workspaces.key_limits import KeyLimits, build_limits

MAX_STARTERS = 6
MAX_STARTER_CHARACTERS = 200
MAX_ORIGINS = 20
MAX_IMAGE_CHARACTERS = 1_000_000
"""In base64: more than a logo may have, so that a larger one is refused in words."""

BASE64_PATTERN = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$"


class ChoiceField(serializers.ChoiceField):
    """One of several words. A refusal names these, and not what came, which may be long."""

    def __init__(self, choices: Sequence[str], **options: Any) -> None:
        refusal = f"This must be one of {', '.join(choices)}."
        super().__init__(choices, error_messages={"invalid_choice": refusal}, **options)


class ChangedChatPage(StrictSerializer):
    access = ChoiceField(choices=Access.values, required=False)
    name = TextField(max_length=MAX_ADDRESS_CHARACTERS, required=False)
    title = TextField(max_length=MAX_TITLE_CHARACTERS, allow_blank=True, required=False)
    description = TextField(max_length=120, allow_blank=True, required=False)
    greeting = TextField(max_length=500, allow_blank=True, multiline=True, required=False)
    starters = serializers.ListField(
        child=TextField(max_length=MAX_STARTER_CHARACTERS), required=False, max_length=MAX_STARTERS
    )
    notice = TextField(max_length=200, allow_blank=True, required=False)
    colour = ChoiceField(choices=Colour.values, required=False)
    origins = serializers.ListField(child=OriginField(), required=False, max_length=MAX_ORIGINS)
    limits = ChangedLimits(required=False, allow_null=True)

    def validate_limits(self, value: dict[str, int | None] | None) -> KeyLimits | None:
        return build_limits(value) if value else None

    def validate_origins(self, value: list[str]) -> list[str]:
        return list(dict.fromkeys(value))


class ImageField(TextField):
    """A picture in base64."""

    def __init__(self) -> None:
        super().__init__(max_length=MAX_IMAGE_CHARACTERS, pattern=BASE64_PATTERN)

    def to_internal_value(self, data: Any) -> Any:
        try:
            return base64.b64decode(super().to_internal_value(data), validate=True)
        except ValueError:
            raise serializers.ValidationError("This is no base64.", code="bad_base64") from None


class NewLogo(StrictSerializer):
    image = ImageField()


class ChatPageItem(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view", "PATCH": "edit"}

    @operation("get_chat_page", "chat pages", Answer(shapes.ChatPage))
    def get(self, request: Request, flow_id: FlowReference) -> Response:
        """Return the chat page of the flow. Until somebody changes it, it is for nobody.

        Who may not edit the flow is not told the link, which is a secret.
        """
        page = pages.get_page(self.flow(flow_id))
        is_told = "edit" in self.caller.permissions or page.access != Access.LINK
        return Response({**describe_page(page), **({} if is_told else {"url": None})})

    @operation("change_chat_page", "chat pages", Answer(shapes.ChatPage), body=ChangedChatPage)
    def patch(self, request: Request, flow_id: FlowReference) -> Response:
        """Change the chat page of the flow. Whom a change of `access` locks out loses at once what is open."""
        page = pages.get_page(self.flow(flow_id))
        return Response(describe_page(pages.change_page(page, self.read(ChangedChatPage), self.caller.actor)))


class ChatPageLogo(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"PUT": "edit", "DELETE": "edit"}

    @operation("set_chat_page_logo", "chat pages", Answer(shapes.ChatPage), body=NewLogo)
    def put(self, request: Request, flow_id: FlowReference) -> Response:
        """Give the chat page a logo: a PNG, JPEG or WebP picture of 256 KB at most."""
        page, content = pages.get_page(self.flow(flow_id)), self.read(NewLogo)["image"]
        return Response(describe_page(logos.set_logo(page, content, self.caller.actor)))

    @operation("remove_chat_page_logo", "chat pages", Answer(shapes.ChatPage))
    def delete(self, request: Request, flow_id: FlowReference) -> Response:
        """Take the logo of the chat page away."""
        page = pages.get_page(self.flow(flow_id))
        return Response(describe_page(logos.remove_logo(page, self.caller.actor)))


class ChatPageLink(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"POST": "edit"}

    @operation("replace_chat_page_link", "chat pages", Answer(shapes.ChatPage))
    def post(self, request: Request, flow_id: FlowReference) -> Response:
        """Give the chat page another link, in place of the one that it has."""
        page = pages.get_page(self.flow(flow_id))
        return Response(describe_page(pages.replace_link(page, self.caller.actor)))


def describe_look(page: ChatPage) -> dict[str, Any]:
    return {
        "title": page.title or page.flow.name,
        "description": page.description,
        "greeting": page.greeting,
        "starters": page.starters,
        "notice": page.notice,
        "colour": page.colour,
        "logo": page.logo_digest or None,
    }


def describe_page(page: ChatPage) -> dict[str, Any]:
    return {
        **describe_look(page),
        "title": page.title,
        "access": page.access,
        "name": page.name,
        "url": pages.build_address(page),
        "origins": page.origins,
        "limits": page.limits,
    }

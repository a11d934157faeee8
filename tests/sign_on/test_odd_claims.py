"""What a provider says of a person in another form than was expected: left out, or taken as it is."""

import json
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from tests.sign_on.provider import ADA, Provider, go_through
from workspaces.models import User

pytestmark = pytest.mark.django_db(transaction=True)

ODD_CLAIMS = [
    *({"name": value} for value in (5, ["A"], {"a": 1}, "\ud800", "A\0", "A\u202e")),
    *({"preferred_username": value} for value in (5, ["x"], {"a": 1}, "\ud800", "A\0", "\u202e")),
    *({"email": value} for value in (5, ["a@example.com"], {"a": 1}, "\ud800@example.com", "a\0@example.com")),
    *({"given_name": 5}, {"family_name": "a\0"}, {"hd": 5}, {"amr": 5}),
    *({"email_verified": {"a": 1}}, {"userinfo": 5}, {"userinfo": {"sub": "another"}}, {"id_token": "x"}),
]


@pytest.mark.parametrize("claims", ODD_CLAIMS, ids=lambda claims: json.dumps(claims)[:60])
def test_a_claim_that_is_no_clean_text_is_left_out(open_door: Provider, claims: dict[str, Any]) -> None:
    open_door.configure(claims=claims)
    for _ in range(2):
        assert go_through(Client()).status_code == 302
    account, user = SocialAccount.objects.get(), User.objects.get()
    kept = {name: ADA[name] for name in ("email", "name") if name not in claims}
    assert (account.uid, account.extra_data) == ("ada-1", kept)
    assert user.username in ("ada", "person")
    assert (user.first_name, user.email) == (
        kept.get("name", ""),
        "" if "email_verified" in claims else kept.get("email", ""),
    )


def test_an_address_that_is_too_long_in_the_composed_form_is_left_out(open_door: Provider) -> None:
    open_door.configure(claims={"email": "\u0958" * 200 + "@example.com"})
    assert go_through(Client()).status_code == 302
    assert User.objects.get().email == ""


@pytest.mark.parametrize("characters", [191, 192, 255])
def test_a_person_is_known_again_by_an_id_of_any_length(open_door: Provider, characters: int) -> None:
    for last in "abab":
        sub = "x" * (characters - 1) + last
        open_door.configure(people={"ada": {**ADA, "sub": sub, "email": f"{last}@example.com"}})
        assert go_through(Client()).status_code == 302
    assert User.objects.count() == 2

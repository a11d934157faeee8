"""The addresses of the room. They are there where the settings ask for it."""

from django.urls import path

from sign_on.api import factor_views as factors
from sign_on.api import provider_views as provider

urlpatterns = [
    path("sign-in/provider", provider.come_back),
    path("api/v1/sign-in/provider", provider.BeginAtProvider.as_view()),
    path("api/v1/sign-in/second-factor", factors.SignInCode.as_view()),
    path("api/v1/account/second-factor", factors.OwnFactor.as_view()),
    path("api/v1/account/second-factor/setup", factors.Setup.as_view()),
    path("api/v1/account/second-factor/recovery-codes", factors.NewRecoveryCodes.as_view()),
    path("api/v1/account/second-factor/removal", factors.Removal.as_view()),
    path("api/v1/members/second-factor", factors.FactorRequirement.as_view()),
    path("api/v1/members/<uuid:user_id>/second-factor", factors.MemberFactor.as_view()),
]

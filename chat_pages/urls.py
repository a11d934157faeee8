"""The addresses of chat pages, below `/api/v1/`."""

from django.urls import path

from chat_pages.api import feedback_views, file_views, message_views, page_views, visitor_views, widget_views

urlpatterns = [
    path("flows/<flow:flow_id>/chat-page", page_views.ChatPageItem.as_view()),
    path("flows/<flow:flow_id>/chat-page/link", page_views.ChatPageLink.as_view()),
    path("flows/<flow:flow_id>/chat-page/logo", page_views.ChatPageLogo.as_view()),
    path("flows/<flow:flow_id>/rated-runs", feedback_views.RatedRuns.as_view()),
    path("runs/<uuid:run_id>/feedback", feedback_views.RunFeedback.as_view()),
    path("chat/<slug:address>", visitor_views.OpenChatPage.as_view()),
    path("chat/<slug:address>/widget", widget_views.OpenWidget.as_view()),
    path("chat/<slug:address>/files", file_views.ConversationFiles.as_view()),
    path("chat/<slug:address>/files/<uuid:file_id>", file_views.ConversationFileItem.as_view()),
    path("chat/<slug:address>/conversations", visitor_views.Conversations.as_view()),
    path("chat/<slug:address>/conversations/<uuid:conversation_id>", visitor_views.ConversationItem.as_view()),
    path("chat/<slug:address>/conversations/<uuid:conversation_id>/turns", visitor_views.list_turns),
    path("chat/<slug:address>/conversations/<uuid:conversation_id>/messages", message_views.ask),
    path("chat/<slug:address>/runs/<uuid:run_id>/events", message_views.read_answer),
    path("chat/<slug:address>/runs/<uuid:run_id>/stop", message_views.stop),
    path("chat/<slug:address>/runs/<uuid:run_id>/rating", visitor_views.rate),
]

"""Shows collections and documents in Django's admin. They are created, renamed and deleted on their own pages."""

from django.contrib import admin
from django.http import HttpRequest

from document_collections.models import Collection, Document


@admin.register(Collection)
class CollectionAdmin(admin.ModelAdmin):
    list_display = ("name", "workspace", "embedder_kind", "embedder_model", "dimension", "updated_at")
    list_filter = ("workspace", "embedder_kind")
    list_select_related = ("workspace",)
    search_fields = ("name",)
    readonly_fields = ("workspace", "name", "embedder_kind", "embedder_model", "dimension", "connection")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Collection | None = None) -> bool:
        """Deny it: the collection's own page deletes, because it refuses while a flow uses the collection."""
        return False


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    list_display = ("name", "collection", "status", "size", "done", "total", "created_at")
    list_filter = ("status", "collection")
    list_select_related = ("collection",)
    search_fields = ("name",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        """Deny it: the page of the collection deletes, because searches must read the collection again after it."""
        return False

"""Changes nothing: `0007_embed_anew` embeds anew what any earlier built-in embedder has embedded."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("vectors", "0002_document_warnings")]

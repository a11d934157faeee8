"""An upgrade from earlier tables, with data in all of them."""

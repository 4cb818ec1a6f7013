"""How do we tell it? Tables, charts, prose, provenance, and the page that holds them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

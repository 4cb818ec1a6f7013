"""What does a package of trade measures do to every economy?

The names below are loaded when they are first used, so that ``import detente`` costs nothing.
Everything else lives in the folders: ``detente.world``, ``detente.measures``,
``detente.scenario``, ``detente.equilibrium``, ``detente.outcomes``, ``detente.uncertainty``,
``detente.games``, ``detente.talks``, ``detente.case``, ``detente.run``, ``detente.report``.
"""

import lazy_loader

__version__ = "0.1.0"
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

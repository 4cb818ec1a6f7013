"""Which figure for which question? One function a kind of figure, one theme for all."""

"""What does it take in effort to earn an income?"""

from __future__ import annotations

from typing import Any, TypeVar

__all__ = ["net_of_effort"]

#: Arrays of NumPy or of JAX.
Values = TypeVar("Values", bound=Any)


def net_of_effort(income: Values, labour_income: Values, epsilon: Any) -> Values:
    r"""Income less the effort that it takes to earn it, [economy].

    .. math:: Y_n - \frac{\varepsilon}{1+\varepsilon} w_n L_n

    With preferences :math:`C - \kappa L^{1+1/\varepsilon}/(1+1/\varepsilon)` and the first-order
    condition :math:`w/P = \kappa L^{1/\varepsilon}`, effort costs this share of the real wage
    bill. At consumer prices this is what welfare means in results, derivatives and objectives.

    Parameters
    ----------
    income
        Final spending, [economy].
    labour_income
        Wage bill, [economy].
    epsilon
        Elasticity of labour supply; zero leaves income as it is.

    References
    ----------
    Greenwood, Hercowitz and Huffman (1988, *AER*), equation (2.1), for the preferences.

    Examples
    --------
    >>> import numpy as np
    >>> print(net_of_effort(np.array([10.0]), np.array([6.0]), 0.5))
    [8.]
    """
    net: Values = income - epsilon / (1.0 + epsilon) * labour_income
    return net

"""May these be the names of economies and sectors?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from detente.errors import UnknownNameError, WorldError, shortened, shown

__all__ = ["check_labels", "check_name", "check_papers", "check_size", "refuse_totals", "renamed"]

#: A name longer than this is no name.
LONGEST = 100
#: A table of more economies or sectors than this is no world that can be solved.
MOST = {"economies": 1_000, "sectors": 10_000}

#: Most cells of one array: 200 economies in 150 sectors, 48 MB.
MOST_CELLS = 6_000_000

#: Rows and columns of totals, taxes and value added in the sources' tables.
TOTALS = {
    "economies": {"out", "output", "total", "tot", "wld", "world", "w00", "sum"},
    "sectors": {"out", "output", "total", "tot", "sum", "va", "valu", "gva", "tls", "taxsub"},
}

#: Codes that one country had one after the other (ISO 3166-3, World Bank), older and newer.
RENAMED = (
    ("ADO", "AND"),
    ("BUR", "MMR"),
    ("IMY", "IMN"),
    ("KSV", "XKX"),
    ("ROM", "ROU"),
    ("SCG", "SRB"),
    ("SUN", "RUS"),
    ("TMP", "TLS"),
    ("WBG", "PSE"),
    ("YUG", "SCG"),
    ("YUG", "SRB"),
    ("ZAR", "COD"),
)

_ISO_3166 = (
    "ADAND.AEARE.AFAFG.AGATG.AIAIA.ALALB.AMARM.AOAGO.AQATA.ARARG.ASASM.ATAUT.AUAUS.AWABW.AXALA."
    "AZAZE.BABIH.BBBRB.BDBGD.BEBEL.BFBFA.BGBGR.BHBHR.BIBDI.BJBEN.BLBLM.BMBMU.BNBRN.BOBOL.BQBES."
    "BRBRA.BSBHS.BTBTN.BVBVT.BWBWA.BYBLR.BZBLZ.CACAN.CCCCK.CDCOD.CFCAF.CGCOG.CHCHE.CICIV.CKCOK."
    "CLCHL.CMCMR.CNCHN.COCOL.CRCRI.CUCUB.CVCPV.CWCUW.CXCXR.CYCYP.CZCZE.DEDEU.DJDJI.DKDNK.DMDMA."
    "DODOM.DZDZA.ECECU.EEEST.EGEGY.EHESH.ERERI.ESESP.ETETH.FIFIN.FJFJI.FKFLK.FMFSM.FOFRO.FRFRA."
    "GAGAB.GBGBR.GDGRD.GEGEO.GFGUF.GGGGY.GHGHA.GIGIB.GLGRL.GMGMB.GNGIN.GPGLP.GQGNQ.GRGRC.GSSGS."
    "GTGTM.GUGUM.GWGNB.GYGUY.HKHKG.HMHMD.HNHND.HRHRV.HTHTI.HUHUN.IDIDN.IEIRL.ILISR.IMIMN.ININD."
    "IOIOT.IQIRQ.IRIRN.ISISL.ITITA.JEJEY.JMJAM.JOJOR.JPJPN.KEKEN.KGKGZ.KHKHM.KIKIR.KMCOM.KNKNA."
    "KPPRK.KRKOR.KWKWT.KYCYM.KZKAZ.LALAO.LBLBN.LCLCA.LILIE.LKLKA.LRLBR.LSLSO.LTLTU.LULUX.LVLVA."
    "LYLBY.MAMAR.MCMCO.MDMDA.MEMNE.MFMAF.MGMDG.MHMHL.MKMKD.MLMLI.MMMMR.MNMNG.MOMAC.MPMNP.MQMTQ."
    "MRMRT.MSMSR.MTMLT.MUMUS.MVMDV.MWMWI.MXMEX.MYMYS.MZMOZ.NANAM.NCNCL.NENER.NFNFK.NGNGA.NINIC."
    "NLNLD.NONOR.NPNPL.NRNRU.NUNIU.NZNZL.OMOMN.PAPAN.PEPER.PFPYF.PGPNG.PHPHL.PKPAK.PLPOL.PMSPM."
    "PNPCN.PRPRI.PSPSE.PTPRT.PWPLW.PYPRY.QAQAT.REREU.ROROU.RSSRB.RURUS.RWRWA.SASAU.SBSLB.SCSYC."
    "SDSDN.SESWE.SGSGP.SHSHN.SISVN.SJSJM.SKSVK.SLSLE.SMSMR.SNSEN.SOSOM.SRSUR.SSSSD.STSTP.SVSLV."
    "SXSXM.SYSYR.SZSWZ.TCTCA.TDTCD.TFATF.TGTGO.THTHA.TJTJK.TKTKL.TLTLS.TMTKM.TNTUN.TOTON.TRTUR."
    "TTTTO.TVTUV.TWTWN.TZTZA.UAUKR.UGUGA.UMUMI.USUSA.UYURY.UZUZB.VAVAT.VCVCT.VEVEN.VGVGB.VIVIR."
    "VNVNM.VUVUT.WFWLF.WSWSM.YEYEM.YTMYT.ZAZAF.ZMZMB.ZWZWE.ELGRC.UKGBR"
)
#: Both codes of every country in one word: alpha-2 and alpha-3, and Eurostat's two own.
TWO_CODES = _ISO_3166.split(".")

#: Two numbers that a source rounded are the same within this.
SAME = 1e-6


def check_labels(kind: str, labels: object) -> tuple[str, ...]:
    """The labels of an axis, or WorldError with the first that cannot be one.

    Parameters
    ----------
    kind
        "economies" or "sectors".
    labels
        What was given as the labels, in the order of the axis.

    Examples
    --------
    >>> check_labels("economies", ["HOM", "FOR"])
    ('HOM', 'FOR')
    >>> check_labels("economies", ["ROM", "ROU"])
    Traceback (most recent call last):
    detente.errors.WorldError: economies: ROM and ROU are two codes of one country (ROU came after
    ROM). Write one of them everywhere and add up their rows.
    """
    if isinstance(labels, str) or not hasattr(labels, "__iter__"):
        raise WorldError(f"{kind}: give a list of names.")
    out = tuple(labels)
    if not out:
        raise WorldError(f"{kind}: needs at least one name.")
    if len(out) > MOST[kind]:
        raise WorldError(f"{kind}: {len(out):,} names; a world has at most {MOST[kind]:,}.")
    known: dict[str, str] = {}
    for k, label in enumerate(out):
        if not isinstance(label, str) or not label.strip() or not label.isprintable():
            raise WorldError(f"{kind}: number {k + 1} is not a name (printable text).")
        check_name(kind, label)
        plain = label.strip().casefold()
        if plain in known:
            raise WorldError(
                f'{kind}: "{known[plain]}" and "{label}" are one name. '
                "Each stands once; add up rows that belong together."
            )
        known[plain] = label
        if len(out) > 1 and plain in TOTALS[kind]:
            raise WorldError(
                f'{kind}: "{label}" is a row of totals, taxes or value added in the tables of the '
                "sources. Leave it out of the labels and of every array."
            )
    if kind == "economies":
        for old, new in RENAMED:
            if old in out and new in out:
                raise WorldError(
                    f"economies: {old} and {new} are two codes of one country ({new} came after "
                    f"{old}). Write one of them everywhere and add up their rows."
                )
        for short, long in ((pair[:2], pair[2:]) for pair in TWO_CODES):
            if short in out and long in out:
                raise WorldError(
                    f"economies: {short} and {long} are two codes of one country. Write one of "
                    "them everywhere and add up their rows; if one is something else, rename it."
                )
    return out


def check_name(what: str, name: object) -> None:
    """Refuse what cannot be a name: no text, empty, not printable, or too long.

    Examples
    --------
    >>> check_name("currency", 5)
    Traceback (most recent call last):
    detente.errors.WorldError: currency: 5 is no name; give a short text.
    """
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise WorldError(f"{what}: {shown(name)} is no name; give a short text.")
    if len(name) > LONGEST:
        raise WorldError(
            f'{what}: the name "{shortened(name)}" has {len(name):,} characters; '
            f"at most {LONGEST} make a name."
        )


def check_size(economies: tuple[str, ...], sectors: tuple[str, ...]) -> None:
    """Refuse labels whose arrays would not fit, before any is made."""
    n, j = len(economies), len(sectors)
    cells = n * j * max(n, j)
    if cells > MOST_CELLS:
        raise WorldError(
            f"{n:,} economies in {j:,} sectors make an array of {cells:,} cells; a world has at "
            f"most {MOST_CELLS:,}. Merge some before."
        )


def check_papers(
    economies: tuple[str, ...],
    sectors: tuple[str, ...],
    *,
    goods: object,
    economy_names: Mapping[str, str],
    sector_names: Mapping[str, str],
    groups: Mapping[str, object],
) -> None:
    """Refuse goods, names and groups of what is on no axis, and a group called as an economy.

    Raises
    ------
    UnknownNameError
        With the list and the first name that no axis has.
    WorldError
        No list or mapping; a group with an economy's name.
    """
    for key, value in (
        ("economy_names", economy_names),
        ("sector_names", sector_names),
        ("groups", groups),
    ):
        if not isinstance(value, Mapping):
            raise WorldError(f"{key}: give a mapping.")
        for code, name in value.items():
            check_name(key, code)
            if key != "groups":
                check_name(f"{key}, {code}", name)
    _check_members("sector", sectors, {"goods": goods, "sector_names": sector_names})
    _check_members("economy", economies, {"economy_names": economy_names, **groups})
    for code in groups:
        if code in economies:
            raise WorldError(f'groups: "{code}" is an economy; give the group another name.')


def _check_members(kind: str, known: tuple[str, ...], named: Mapping[str, object]) -> None:
    """Refuse lists that name what is on no axis."""
    labels = set(known)
    for where, members in named.items():
        if isinstance(members, str) or not isinstance(members, Iterable):
            raise WorldError(f"{where}: give a list of names.")
        for member in members:
            if not isinstance(member, str) or member not in labels:
                raise UnknownNameError(kind, member, known, where)


def renamed(code: str, known: tuple[str, ...]) -> str:
    """A hint where a table uses another code of a country that the world has.

    Examples
    --------
    >>> renamed("ROU", ("ROM", "USA"))
    'ROM and ROU are two codes of one country: write one of them everywhere.'
    """
    for old, new in RENAMED:
        for one, other in ((old, new), (new, old)):
            if code == one and other in known:
                return (
                    f"{old} and {new} are two codes of one country: write one of them everywhere."
                )
    return ""


def _alike(rows: NDArray[np.float64]) -> bool:
    """Whether all rows are multiples of one, so that one can equal a sum by construction."""
    rows = rows[rows.sum(axis=1) > 0]
    if len(rows) < 2:
        return True
    shares = rows / rows.sum(axis=1, keepdims=True)
    return bool(np.abs(shares - shares[0]).max() < SAME)


def refuse_totals(
    sales: NDArray[np.float64], economies: tuple[str, ...], sectors: tuple[str, ...]
) -> None:
    """Refuse a label whose flows are the sums of all others', and an economy outside the market.

    Parameters
    ----------
    sales
        [importer, exporter, sector], not negative.

    Raises
    ------
    WorldError
        A total among exporters, importers or sectors; an economy that sells or buys nothing.
    """
    own = np.arange(len(economies))
    for axis, labels, what in (
        (1, economies, "its sales"),
        (0, economies, "its purchases"),
        (2, sectors, "its flows"),
    ):
        gap = np.abs(2 * sales - sales.sum(axis=axis, keepdims=True))
        if axis < 2:
            gap[own, own] = 0.0
        by_label = np.moveaxis(sales, axis, 0).reshape(len(labels), -1)
        gaps = np.moveaxis(gap, axis, 0).reshape(len(labels), -1).max(axis=1)
        for k in np.flatnonzero((gaps <= SAME * by_label.max(axis=1)) & (by_label.max(axis=1) > 0)):
            if not _alike(np.delete(by_label, k, axis=0)):
                raise WorldError(
                    f'"{labels[k]}": {what} are everywhere the sum of those of all others, a row '
                    "of totals in the table of the source. Leave it out of the labels and of every "
                    "array."
                )
    sold, bought = sales.sum(axis=(0, 2)), sales.sum(axis=(1, 2))
    for total, others, verb in ((sold, bought, "sells"), (bought, sold, "buys")):
        for k in np.flatnonzero(total == 0):
            also = f", but {'buys' if verb == 'sells' else 'sells'}" if others[k] > 0 else ""
            raise WorldError(
                f'economy "{economies[k]}" {verb} nothing at all, not even to itself{also}: it can '
                "be no economy of a world. Is it a row of totals, value added or taxes, or another "
                "code of an economy that is in the table?"
            )

from .charts.figure import Figure as Figure
from .earlier import results_folder as results_folder
from .exports.export import export_run as export_run
from .page import render_report as render_report
from .tables.files import as_csv as as_csv
from .tables.games import deals_tables as deals_tables, war_tables as war_tables
from .talks import talks_page as talks_page, talks_values as talks_values
from .terminal import run_footing as run_footing, run_tables as run_tables
from .values import (
    deals_values as deals_values,
    run_values as run_values,
    war_values as war_values,
)
from .words.answer import answer as answer
from .words.games import deals_footing as deals_footing, war_footing as war_footing
from .write import write_results as write_results

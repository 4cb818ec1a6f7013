from .charts.figure import Figure as Figure
from .exports.export import export_run as export_run
from .page import render_report as render_report
from .words.answer import answer as answer
from .write import write_results as write_results

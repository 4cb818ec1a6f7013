from .charts.figure import Figure as Figure
from .exports import export_run as export_run
from .page import render_report as render_report
from .prose import answer as answer
from .results import Results as Results
from .running import run_case as run_case
from .write import write_results as write_results

from .app import run_command_line as run_command_line
from .start import main as main

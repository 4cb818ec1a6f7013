from .case_files import show as show, validate as validate
from .citing import cite as cite
from .deals import deals as deals
from .exporting import export as export
from .forecasting import forecast as forecast, score as score
from .listing import list_names as list_names
from .meaning import explain as explain
from .reading import read as read
from .running import run as run
from .starting import new as new
from .talking import talks as talks
from .war import war as war
from .worlds import worlds as worlds

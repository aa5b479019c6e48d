"""Evidence → title, authors, outlet, dates, URLs, language: what an article says about itself, and how sure that is.

`read_page` gathers what a page states, `describe` adds the record's own fields and the head and foot of the text,
and chooses each field by a written rule. A value is never invented: where nothing says it, it's None.
"""

from copydesk.metadata.describing import describe
from copydesk.metadata.page import read_page

__all__ = ["describe", "read_page"]

"""What may be shown (METHOD, "Disclosure control"): the only maker of released tables. See
docs/disclosure.md.
"""

from survey_app.analysis.disclosure.campaign import ReleasedCampaign, release_campaign
from survey_app.analysis.disclosure.maker import GMINA, release_numbers
from survey_app.analysis.disclosure.text_themes import release_text_themes
from survey_app.analysis.groups import Group, Groups, form_groups, type_counts

__all__ = [
    "GMINA",
    "Group",
    "Groups",
    "ReleasedCampaign",
    "form_groups",
    "release_campaign",
    "release_numbers",
    "release_text_themes",
    "type_counts",
]

"""Moodle, as recorded from 4.5.6."""

from lti_tool.platforms.differences import Differences

MOODLE = Differences(
    product="moodle",
    # A timestamp that is not later by a whole second.
    # Source: recorded calls "score same second again" and "score older timestamp".
    timestamp_refused=frozenset({409}),
    # mod/lti keeps title, text, url, icon, custom and some of lineItem, and nothing else.
    # Source: tried with Moodle 4.5.6.
    keeps_dates=False,
    # Source: the same; mod/lti/contentitem_return.php.
    adds_several_at_once=True,
    # 400 with `[]` as its body. Moodle answers other mistakes in a score with 400, too, but we make none of them.
    # Source: recorded calls "score teacher sub" and "score unknown user".
    person_refused=frozenset({400}),
)

"""What Telegram said about a failed call, as far as it names nobody.

Descriptions are known sentences of the Bot API server (tdlib/telegram-bot-api, Client.cpp), but some quote what was
sent. So only what is known here gets into a log; of anything else only how long it was.
"""

import re

_KNOWN = re.compile(
    r"""
    unauthorized | not\ found | logged\ out | internal\ server\ error | bad\ gateway | gateway\ timeout
    | too\ many\ requests:\ retry\ after\ \d{1,6}
    | restart | request\ timeout\ expired
    | conflict:\ terminated\ by\ (?:other\ getupdates\ request|setwebhook\ request)
      (?:;\ make\ sure\ that\ only\ one\ bot\ instance\ is\ running)?
    | conflict:\ can't\ use\ getupdates\ method\ while\ webhook\ is\ active
      (?:;\ use\ deletewebhook\ to\ delete\ the\ webhook\ first)?
    | wrong\ response\ from\ the\ webhook:\ \d{3}\ [a-z\ ]{1,40}
    | (?:connection|read)\ timeout\ expired | connection\ (?:refused|reset\ by\ peer)
    | ssl\ error\ \{[a-z0-9\ :_,]{1,80}\}
    | failed\ to\ resolve\ host:\ [a-z\ ]{1,60}
    | (?:bad\ request:\ )?(?:
        message\ (?:text\ is\ empty|is\ too\ long|identifier\ is\ not\ specified|caption\ is\ too\ long)
        | there\ is\ no\ text\ in\ the\ message\ to\ edit
        | wrong\ file_id\ or\ the\ file\ is\ temporarily\ unavailable | file\ is\ too\ big | chat\ not\ found
        | [a-z]{2,12}(?:_[a-z]{1,12}){0,3}_(?:invalid|empty|too_long|forbidden|required|expired)
      )
    | forbidden:\ (?:bot\ was\ blocked\ by\ the\ user | user\ is\ deactivated)
    """,
    re.VERBOSE,
)


def described(description: object) -> str:
    """A known sentence as it stands; of anything else the length."""
    if not isinstance(description, str) or not description:
        return "without a description"
    if _KNOWN.fullmatch(description.lower()):
        return description
    return f"an unknown description of {len(description)} characters"

"""How a legal deadline is said, to lawyers only: in an alert, in a reminder, on the page of an opened case."""

from bot.speech.texts.marks import N_, NP_

# i18n: When a deadline ends: on a day ahead. date = the last day, num = how many days are left.
AHEAD = NP_("to %(date)s, in %(num)d day", "to %(date)s, in %(num)d days")
# i18n: When a deadline ends: today is the last day. date = today.
TODAY = N_("today, %(date)s")
# i18n: When a deadline in hours ends: on another day, at a time of day.
AHEAD_AT = N_("to %(date)s, %(time)s")
# i18n: When a deadline in hours ends: later today.
TODAY_AT = N_("today, to %(time)s")
# i18n: When a deadline ended. date = the last day, num = how many days ago that was.
PASSED = NP_("passed %(num)d day ago (%(date)s)", "passed %(num)d days ago (%(date)s)")
# i18n: When a deadline in hours ended: earlier today.
PASSED_AT = N_("passed today at %(time)s")
# i18n: When a deadline ended, seen from its latest possible day: num = how many days ago at least. As PASSED.
PASSED_LONG = NP_("passed at least %(num)d day ago", "passed at least %(num)d days ago")
# i18n: When a deadline may have ended: the shortest of the terms that the law knows is over, the longest is not. date =
# i18n: the day on which the shortest was over.
MAY_HAVE_PASSED = N_("may have passed (%(date)s)")
# i18n: The same in hours: earlier today.
MAY_HAVE_PASSED_AT = N_("may have passed today at %(time)s")
# i18n: When a deadline ends whose day nobody knows: nothing may wait.
AT_ONCE = N_("as soon as possible, its day is not known")
# i18n: After a deadline of the person that has passed; what a lawyer does then.
RESTORE = N_("Ask to restore it; was the defender notified?")
# i18n: After a deadline that no advocate has confirmed yet; lawyers see it.
UNSIGNED = N_("(not yet confirmed by an advocate)")
# i18n: The same, where there is little room.
NOT_CONFIRMED = N_("(not confirmed)")
# i18n: In an alert: the gravest deadline. when = one of the texts above, event = which deadline.
MAIN = N_("Main deadline: %(when)s. %(event)s")
# i18n: In an alert: the deadline that comes first of those ahead, where it is another than MAIN.
NEAREST = N_("Nearest deadline: %(when)s. %(event)s")
# i18n: In an alert, in the place of NEAREST: what the person said to come before any deadline, as a hearing. what = it.
NEAREST_TOLD = N_("Nearest of all: %(what)s")
# i18n: In one line of a list of cases, after what threatens: the main deadline.
LISTED = N_("deadline %(when)s")
# i18n: In an alert: the gravest deadline is also the one that comes first.
MAIN_AND_NEAREST = N_("Main and nearest deadline: %(when)s. %(event)s")

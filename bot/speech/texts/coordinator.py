"""The texts for coordinators alone."""

from bot.speech.texts.marks import N_, NP_

# --- cases -----------------------------------------------------------------------------------------------------------

# i18n: To coordinators: nobody who can open the case can be reached.
NOBODY = N_("Case %(code)s: nobody can take it now. Lawyers cannot be reached, cannot open it, or cannot take it.")
# i18n: To coordinators after rungs of the ladder went unanswered.
UNCLAIMED = N_("Case %(code)s: nobody has taken it yet.")
# i18n: /help for coordinators.
COORDINATOR_HELP = N_(
    "/queue – cases that wait\n/oncall – who is on call\n/suspend – stop a member, the name follows\n"
    "/lostword – a word for when your phone is lost\n/help – this text"
)
# i18n: To coordinators: an earlier case of this account was closed as a false alarm.
MUTED = N_("Case %(code)s: an earlier one of this account was a false alarm. No lawyer is called.")
# i18n: Button under MUTED.
LET_THROUGH = N_("Call the lawyers")
# i18n: After LET_THROUGH.
LET_THROUGH_DONE = N_("Case %(code)s: the lawyers are being called.")
# i18n: To coordinators, with a button. name = who holds it.
SILENT = N_("Case %(code)s: nothing was heard for three days, and the lawyer does not answer. Lawyer: %(name)s")
# i18n: Button under SILENT: the claim ends and the others are called.
FREE = N_("Call the others")
# i18n: First line of /queue.
QUEUE = NP_("%(num)d case is waiting.", "%(num)d cases are waiting.")
# i18n: A case in /queue. level = one of the levels below, time = since when, num = how many lawyers were called.
QUEUE_LINE = N_("%(code)s · %(level)s · since %(time)s · called: %(num)s")
# i18n: The same, of a case about which no lawyer is called.
QUEUE_MUTED_LINE = N_("%(code)s · %(level)s · since %(time)s · nobody is called")
# i18n: Last line of /queue, above buttons with the codes of its cases.
QUEUE_PRESS = N_("Who was called: press a code.")
# i18n: First line about one case of the queue. level = one of the levels below, time = since when.
QUEUE_CASE = N_("Case %(code)s · %(level)s · since %(time)s")
# i18n: Button under UNCLAIMED and NOBODY: shows who was called about this case, and whom to call.
WHO_WAS_CALLED = N_("Who was called")
# i18n: Button: rings this lawyer now. name = a lawyer's name.
CALL_ONE = N_("Call %(name)s")
# i18n: Button: rings every lawyer who can take the case, now.
CALL_ALL = N_("Call everybody now")
# i18n: Button: back to /queue.
TO_QUEUE = N_("To the queue")
# i18n: Button: to a coordinator's /oncall; also its menu entry.
TO_DUTY = N_("Who is on call")
# i18n: After CALL_ONE or CALL_ALL.
CALLED_NOW = N_("Case %(code)s: being called.")
# i18n: After CALL_ONE or CALL_ALL, when that lawyer, or every one, cannot be called.
CALLED_NOBODY = N_("Case %(code)s: there is nobody to call.")
# i18n: Answer to /queue.
QUEUE_EMPTY = N_("No case is waiting.")
# i18n: In /queue: a case that does not wait. name = the lawyer who had taken it, time = when it is erased.
QUEUE_PARTED = N_("%(code)s · “Delete everything” was pressed · %(name)s · erased at %(time)s")
# i18n: Level of a case in a line of /queue: the most urgent. A word, lower case.
LEVEL_CRITICAL = N_("critical")
# i18n: Level of a case in a line of /queue.
LEVEL_HIGH = N_("high")
# i18n: Level of a case in a line of /queue.
LEVEL_NORMAL = N_("normal")

# --- lines: what happened, when, with whom ---------------------------------------------------------------------------

# i18n: Line to coordinators. name = a lawyer.
LINE_TAKEN = N_("%(time)s. Case %(code)s was taken. Lawyer: %(name)s")
# i18n: Line to coordinators: no first contact in time.
LINE_LAPSED = N_("%(time)s. Case %(code)s: no first contact, the others are called. Lawyer: %(name)s")
# i18n: Line to coordinators: the lawyer gave the case back.
LINE_GIVEN_BACK = N_("%(time)s. Case %(code)s was returned. Lawyer: %(name)s")
# i18n: Line to coordinators: its lawyer was suspended, or is a member no more; name = who that was.
LINE_STOPPED = N_("%(time)s. Case %(code)s waits again: its lawyer takes part no more. Lawyer before: %(name)s")
# i18n: Line to coordinators: handed over; name = who has it now.
LINE_PASSED = N_("%(time)s. Case %(code)s was handed over. Lawyer now: %(name)s")
# i18n: Line to coordinators.
LINE_CLOSED = N_("%(time)s. Case %(code)s is closed. Lawyer: %(name)s")
# i18n: Line to coordinators. Nobody knows who holds the phone; name = the lawyer who has the case.
LINE_PARTED = N_(
    "%(time)s. Case %(code)s: “Delete everything” was pressed. It can be opened for 24 hours more. Lawyer: %(name)s"
)
# i18n: Line to coordinators. The same, also from the lawyer at once; name = the lawyer who had the case.
LINE_DELETED = N_(
    "%(time)s. Case %(code)s: “Delete everything” was pressed, and it is erased. Perhaps somebody made the person do"
    " it. Lawyer: %(name)s"
)
# i18n: Line to coordinators: a false alarm was none after all.
LINE_UNDONE = N_("%(time)s. Case %(code)s was no false alarm and is open again. Lawyer: %(name)s")
# i18n: Line to coordinators: a member has blocked the bot, or the account is gone.
LINE_GONE = N_("%(time)s. No connection to %(name)s in Telegram. The next are called.")
# i18n: Line to coordinators.
LINE_COLLECTS = N_("%(time)s. The limit of cases for one day is reached. Lawyer: %(name)s")
# i18n: Line to coordinators: the person has answered anew, and the case is more urgent. name = who holds it.
LINE_RISEN = N_("%(time)s. Case %(code)s has become more urgent. Lawyer: %(name)s")
# i18n: Line to coordinators: what is new in a case was not seen in time. name = who holds it. count = other lawyers.
LINE_UNSEEN = N_(
    "%(time)s. Case %(code)s is graver, and its lawyer has not seen it. Other lawyers called: %(count)s. "
    "Lawyer: %(name)s"
)
# i18n: Line to coordinators, after LINE_UNSEEN. name = who holds the case.
LINE_SEEN = N_("%(time)s. Case %(code)s: its lawyer has seen what is new. Lawyer: %(name)s")
# i18n: Line to coordinators: somebody calls again and again. code = their newest case, may be empty.
LINE_OFTEN = N_("%(time)s. One account calls very often, so its calls make no sound for a while. Newest case: %(code)s")
# i18n: Line to coordinators: a new member. key = fingerprint of the key.
LINE_JOINED = N_("%(time)s. New member: %(name)s. Key: %(key)s")
# i18n: Line to coordinators: what a member was to get by push as a test. command = what changes the address.
LINE_NO_PUSH = N_("%(time)s. %(name)s: the test by push has not come. To change the address: %(command)s")
# i18n: The same by e-mail.
LINE_NO_MAIL = N_("%(time)s. %(name)s: the test by e-mail has not come. To change the address: %(command)s")
# i18n: Line to coordinators: a lawyer has finished the practice case, so they count as cover.
LINE_PRACTISED = N_("%(time)s. %(name)s has finished the practice case.")
# i18n: Line to coordinators: a member is one no more.
LINE_LEFT = N_("%(time)s. No longer a member: %(name)s. Key: %(key)s")
# i18n: Line to coordinators.
LINE_SUSPENDED = N_("%(time)s. Suspended: %(name)s. Key: %(key)s")
# i18n: Line to coordinators: somebody has typed this member's secret word, which says that their phone is lost.
LINE_LOST = N_("%(time)s. The lost word of %(name)s was used. Suspended, until undone on the server. Key: %(key)s")
# i18n: Line to the coordinator who asked to suspend somebody: another one said no. name = who was to be stopped.
LINE_NOT_SUSPENDED = N_("%(time)s. Another coordinator said no. Not suspended: %(name)s")
# i18n: Line to coordinators.
LINE_RESUMED = N_("%(time)s. Takes part again: %(name)s. Key: %(key)s")
# i18n: Line to coordinators: a member has another key from now on. key = its fingerprint.
LINE_REKEYED = N_("%(time)s. New key of a member: %(name)s. Key: %(key)s")
# i18n: Line to coordinators: somebody who was invited has sent their public key. key = fingerprint to be compared.
LINE_KEY = N_("%(time)s. An invited member has sent a key. Name: %(name)s. Key: %(key)s. Compare it, then: %(command)s")
# i18n: Line to coordinators.
LINE_ROTA = N_("%(time)s. A new rota is in force.")
# i18n: Line to coordinators. The command stands as it is.
LINE_ROTA_BROKEN = N_("%(time)s. The rota file cannot be used, the earlier one stays in force. Why: %(command)s")
# i18n: The same when there is no earlier rota.
LINE_ROTA_MISSING = N_("%(time)s. The rota file cannot be used, and no rota is in force. Why: %(command)s")
# i18n: Line to coordinators: the last one has gone off duty.
LINE_BARE = N_("%(time)s. Nobody is on call now. See: %(command)s")
# i18n: Line to coordinators: within 12 hours nobody will be on duty for some time.
LINE_GAP = N_("%(time)s. Soon nobody is on call. See: %(command)s")
# i18n: Line to coordinators: some work fails again and again. command = what lists it.
LINE_ASIDE = N_("%(time)s. Something cannot be done and was set aside. See: %(command)s")
# i18n: Line to coordinators: damaged rows of the database. command = what counts them.
LINE_UNREADABLE = N_("%(time)s. Some records cannot be read. See: %(command)s")
# i18n: Line to coordinators: the time to keep many cases is over. count = how many. command = what lists them.
LINE_ERASING = N_("%(time)s. In one day cases are erased, their time is over: %(count)s. See: %(command)s")
# i18n: Line to coordinators: nobody has taken the case, and its chat is blocked or gone.
LINE_UNREACHED = N_("%(time)s. Case %(code)s: the person cannot be reached in Telegram.")
# i18n: Line to coordinators: a coordinator has released a claim in which nothing was heard.
LINE_FREED = N_("%(time)s. Case %(code)s: given to others, nothing was heard. Lawyer before: %(name)s")
# i18n: Line to coordinators. date = the day. name = who holds it.
LINE_ENDING = N_("%(time)s. Case %(code)s is erased on %(date)s: nothing was heard for long. Lawyer: %(name)s")
# i18n: Line to coordinators. command = what tells more.
LINE_CLOCK = N_("%(time)s. The server's clock is wrong. Until it is right nothing is erased. See: %(command)s")
# i18n: Line to coordinators: a second program, or a thief of the token. command = an account of Telegram.
LINE_TAKEN_ELSEWHERE = N_(
    "%(time)s. Another program receives what people write to this bot. Is there a second copy? If not, the token is "
    "stolen: revoke it with %(command)s."
)
# i18n: Line to coordinators. command = an account of Telegram.
LINE_REFUSED = N_("%(time)s. Telegram refused the token of this bot: nobody could write to it. Ask %(command)s.")
# i18n: Line to coordinators: it arrives when Telegram is back.
LINE_DEAF = N_("%(time)s. Telegram could not be reached for more than five minutes. What people wrote comes later.")

# --- stopping a member -----------------------------------------------------------------------------------------------

# i18n: Answer to /suspend. The command stands as it is.
SUSPENDED = N_("%(name)s: no alerts, no cases, no messages from now on. Undone on the server: %(command)s")
# i18n: Answer to /suspend: a second coordinator has to agree first. name = who is to be stopped.
SUSPEND_ASKED = N_("%(name)s: asked. It needs the yes of another coordinator, within an hour.")
# i18n: Answer to /suspend: a second coordinator would have to agree, and there is none. The command stands as it is.
SUSPEND_ALONE = N_(
    "%(name)s: not suspended. It needs the yes of another coordinator, and none can be reached. On the server:"
    " %(command)s"
)
# i18n: To another coordinator; "Yes" and "No" stand on the buttons. by = who asks, name = who is to be stopped.
SUSPEND_ASK = N_("Suspend %(name)s? They get no alerts, cases or messages, and lose what they hold. Asked by: %(by)s")
# i18n: In place of SUSPEND_ASK: nobody has answered within an hour, or it has no object any more.
SUSPEND_OVER = N_("Suspend %(name)s? This request is over.")
# i18n: After "No". name = who was to be stopped.
SUSPEND_NOT = N_("%(name)s: not suspended.")

# --- who is on call --------------------------------------------------------------------------------------------------

# i18n: First line of a coordinator's /oncall; names follow, separated by commas.
DUTY_NOW = N_("On call now: %(names)s")
# i18n: The same when there is none.
DUTY_NOBODY = N_("Nobody is on call now.")
# i18n: Coordinator's /oncall: lawyers who are not on call.
DUTY_OTHERS = N_("Other lawyers: %(names)s")
# i18n: Coordinator's /oncall: they are on call within two days, but no alert reaches them.
DUTY_UNREACHED = N_("On call, but no connection or test not confirmed: %(names)s")
# i18n: Coordinator's /oncall: members to whom the bot cannot write yet.
DUTY_NEVER_MET = N_("Have not pressed Start in this bot yet: %(names)s")
# i18n: Coordinator's /oncall: lawyers who are called, and count as no cover yet.
DUTY_UNPRACTISED = N_("Have not finished the practice case yet: %(names)s")
# i18n: Coordinator's /oncall: a list of times follows.
DUTY_GAPS = N_("Nobody on call in the next 48 hours:")
# i18n: Coordinator's /oncall: a case that waits, and which lawyers were called.
DUTY_CALLED = N_("Case %(code)s. Called: %(names)s")
# i18n: Under DUTY_CALLED and QUEUE_CASE: lawyers who have said that they cannot take it.
DUTY_PASSED = N_("Cannot take it: %(names)s")
# i18n: Under QUEUE_CASE: which lawyers were called.
CASE_CALLED = N_("Called: %(names)s")
# i18n: Under QUEUE_CASE: lawyers who could take it, but have no connection to the bot.
CASE_UNREACHED = N_("No connection: %(names)s")
# i18n: Button under a coordinator's /oncall.
REFRESH = N_("Refresh")

# --- the rota --------------------------------------------------------------------------------------------------------

# i18n: To coordinators: a change of the rota that waits for a yes.
ROTA_COVER = N_("The new rota takes cover away within 48 hours. Use it?")
# i18n: To coordinators: a change of the rota that waits for a yes.
ROTA_HALF = N_("The new rota changes more than half of the shifts. Use it?")
# i18n: After NO.
ROTA_KEPT = N_("The earlier rota stays in force.")
# i18n: The rota that was asked about has changed or was answered already.
ROTA_OVER = N_("This rota does not wait for an answer any more.")
# i18n: To coordinators; entries of the calendar follow, each with its name and time, then ROTA_WHY.
ROTA_UNUSABLE = N_("In the rota these entries cannot be used, nobody is on call by them:")
# i18n: Under ROTA_UNUSABLE.
ROTA_WHY = N_("The rest is in force. Why: %(command)s")

# --- buttons ---------------------------------------------------------------------------------------------------------

# i18n: Button.
YES = N_("Yes")
# i18n: Button.
NO = N_("No")

# --- the menu of a coordinator's own chat ----------------------------------------------------------------------------

# i18n: Menu entry /queue.
MENU_QUEUE = N_("Cases that wait")
# i18n: Menu entry /suspend; the name of the member follows.
MENU_SUSPEND = N_("Stop a member")

"""Every text of the bot itself, in English; Russian and Kazakh stand in `locales/`.

Short, calm, plain. No gendered past tense for the person, no promise of a result, nothing alarming in the first
line of a message that the bot sends on its own. Flow texts (questions, options, reasons) live with the flow.
"""


def N_(text: str) -> str:  # noqa: N802 - the gettext keyword for "translate this later"
    """Marks a text for the extractor and gives it back as it is."""
    return text


def NP_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - the plural form of N_
    """Marks a text with a number in it: its singular and its plural."""
    return one, many


# --- first contact -------------------------------------------------------------------------------------------

# i18n: The consent text, about 50 words, the whole of it is one message. "Continue" is the button CONTINUE.
CONSENT = N_(
    "This is Pana: free help from volunteer lawyers. We are not the state and promise no result.\n\n"
    "In danger, a lawyer is called at once. Any question may be skipped. What you type is removed from this chat"
    " on purpose. Telegram can read this chat: no names, units or secrets, please.\n\n"
    "“Continue” lets volunteer lawyers see your answers. /delete erases everything."
)
# i18n: Button, first on the consent screen: leads straight to the danger question.
URGENT = N_("Urgent: lawyer now")
# i18n: Button: go on with the questions; gives consent.
CONTINUE = N_("Continue")
# i18n: Button: leave without anything being stored.
LEAVE = N_("Leave")
# i18n: Answer to LEAVE.
LEFT = N_("All right. We have not saved anything. If you change your mind, send /start.")

# --- the card ------------------------------------------------------------------------------------------------

# i18n: First line of the card.
PROGRESS = N_("Question %(n)s of %(total)s")
# i18n: Button.
BACK = N_("Back")
# i18n: Button.
SKIP = N_("Skip")
# i18n: Button under a question where several answers may be ticked.
DONE = N_("Done")
# i18n: Button under a date question.
DO_NOT_KNOW = N_("I don't know")
# i18n: Button under a date question.
TODAY = N_("Today")
# i18n: Button under a date question.
YESTERDAY = N_("Yesterday")
# i18n: Button, last row of every card: removes every message from the chat.
HIDE_CHAT = N_("Hide chat")
# i18n: On the card of a text question.
WRITE_HERE = N_("Write your answer here. It will be removed from the chat at once.")
# i18n: On the card of a date question. example = today's date, dd.mm.yyyy.
DATE_HINT = N_("For example: %(example)s. About is fine: the month and the year.")
# i18n: On the next card, after a date was typed. date = the date in words, or its earliest and latest day.
DATE_READ = N_("Understood: %(date)s. If this is wrong, press “Back”.")
# i18n: On the card of a question with several possible answers.
SEVERAL_HINT = N_("You can choose several.")
# i18n: On the card after typed text was sealed and deleted from the chat.
SAVED = N_("Saved; removed from the chat on purpose.")
# i18n: On the card from the moment the alert is queued. code = case code such as K7Q4-F2MX.
CALLING = N_("A lawyer is being called. You can go on answering. Your code: %(code)s.")
# i18n: In place of CALLING once the person has been silent: without the code.
CALLING_BARE = N_("A lawyer is being called. You can go on answering.")
# i18n: Button under CALLING: withdraws the call.
NOT_NOW = N_("Not now")
# i18n: Asked once after NOT_NOW.
WITHDRAW_CONFIRM = N_("Stop calling a lawyer? Then nobody is called until you ask for it again.")
# i18n: Button under WITHDRAW_CONFIRM, the first one: nothing changes.
GO_ON_CALLING = N_("Go on calling")
# i18n: Button under WITHDRAW_CONFIRM.
WITHDRAW_YES = N_("Stop calling")
# i18n: On the card after WITHDRAW_YES.
CALL_WITHDRAWN = N_("The call is withdrawn. You can call a lawyer at any time.")
# i18n: Button under CALL_WITHDRAWN.
CALL_NOW = N_("Call a lawyer now")
# i18n: On the card once a lawyer has taken the case.
TAKEN_CARD = N_("A lawyer has taken your request.")
# i18n: After TAKEN_CARD. Whoever calls and does not say them is not from us. words = two words.
CALL_WORDS = N_("A lawyer who calls first says: %(words)s")
# i18n: On the card in place of CALLING: this account has called before, and the answers join that earlier request.
JOINED_CALLING = N_("A lawyer is being called already. Your answers go to the same place.")
# i18n: As JOINED_CALLING, once a lawyer has taken the earlier request.
JOINED_TAKEN = N_("A lawyer has your earlier request. Your answers go to this lawyer.")
# i18n: After sending, when the answers have joined an earlier request, which is out of sight. Its code is not shown.
SENT_JOINED = N_("The answers are sent, to your earlier request. To see it, type here its code.")
# i18n: On the card when somebody asked for urgent help and has not chosen an answer yet.
URGENT_HINT = N_("A lawyer is called in one minute even without an answer.")

# --- what did not fit ----------------------------------------------------------------------------------------

# i18n: A typed answer that fits no option. Nothing typed was kept.
NO_OPTION = N_("This fits none of the answers, so it was not kept. Press a button or type its number.")
# i18n: A typed date that was not understood. example = today's date.
NO_DATE = N_("We could not read the date. Write it like this: %(example)s. Or press “I don't know”.")
# i18n: A date in the future where only a past one makes sense.
FUTURE = N_("This date has not come yet. Please check it.")
# i18n: An empty text.
EMPTY = N_("There was no text in the message. Please write it again.")
# i18n: Done was pressed and nothing is ticked. "Done" is the button DONE.
NOTHING_TICKED = N_("Choose at least one answer, then press “Done”.")
# i18n: Typed at the summary, fits nothing there.
NOT_ASKED = N_("This was not kept: no question is open. Press a button below.")
# i18n: A photo, file, voice message or anything that is not text.
ONLY_TEXT = N_("Only text can be taken here, so this was not kept. It is removed from the chat.")
# i18n: The person has edited a text that is sealed already; the newer one is sealed beside it.
CORRECTED = N_("The correction is saved for the lawyer; removed from the chat on purpose.")
# i18n: The person has edited an answer that is not the newest one. "Back" is the button BACK.
NOT_CORRECTED = N_("The correction was not kept: this question is answered. “Back” leads to earlier ones.")
# i18n: A press on a button of an older card.
MOVED_ON = N_("This question has moved on. Here is the current one.")
# i18n: An update could not be handled. Neutral: may show on a locked screen.
AGAIN = N_("We could not read the last message. Please send it again.")
# i18n: The open questionnaire was damaged on the server and is gone. Neutral: may show on a locked screen.
LOST = N_("Something went wrong here: earlier answers cannot be opened any more. Please begin again.")
# i18n: Text in place of an answer on a question that must not be skipped.
NOT_SKIPPABLE = N_("This question decides who is called. Please choose an answer, “I don't know” is one too.")

# --- summary and sending -------------------------------------------------------------------------------------

# i18n: Title of the summary.
SUMMARY = N_("Check your answers")
# i18n: Under the summary.
SUMMARY_HINT = N_("To change an answer, press its number.")
# i18n: In the summary, in place of an answer.
SKIPPED_MARK = N_("(skipped)")
# i18n: Button on the card of a sent request: the questions about danger are asked once more.
CHANGED = N_("My situation has changed")
# i18n: In the summary, in place of an answer that was given long ago: whoever holds the phone cannot read it.
ANSWERED_MARK = N_("(answered)")
# i18n: In the summary, in place of a free text: it cannot be read again here.
WRITTEN_MARK = NP_("saved, %(num)d message", "saved, %(num)d messages")
# i18n: Button: sends the finished answers.
SEND = N_("Send to the lawyer")
# i18n: After sending. code = case code such as K7Q4-F2MX.
SENT = N_("The answers are sent. Your code: %(code)s. Write it on paper or remember it.")

# i18n: In place of SENT once the person has been silent: without the code, which /status shows again.
SENT_BARE = N_("The answers are sent. /status shows your code.")

# --- the true state ------------------------------------------------------------------------------------------

# i18n: /status before anything was sent to a lawyer.
STATUS_OPEN = N_("Your answers are not sent yet.")
# i18n: True state, one line for each time that lawyers were told. num = how many, time = when.
STATUS_TOLD = NP_("%(time)s: %(num)d lawyer told.", "%(time)s: %(num)d lawyers told.")
# i18n: True state: coordinators were told that nobody has taken it. time = when.
STATUS_COORDINATORS_TOLD = N_("%(time)s: the coordinators were told.")
# i18n: True state: the coordinators' message is on its way.
STATUS_COORDINATORS_NEXT = N_("The coordinators are being told.")
# i18n: True state: nobody was told yet, the calls are on their way.
STATUS_CALLING = N_("Lawyers are being called now.")
# i18n: After STATUS_TOLD.
STATUS_UNTAKEN = N_("Nobody has taken your request yet.")
# i18n: After STATUS_UNTAKEN, STATUS_LAPSED or STATUS_RETURNED: lawyers are called again and again.
STATUS_GO_ON = N_("We go on calling until a lawyer takes it.")
# i18n: After STATUS_CALLING, STATUS_UNTAKEN or STATUS_GO_ON. time = when lawyers are called who were not called yet.
STATUS_MORE = N_("If nobody takes it by %(time)s, we call more lawyers.")
# i18n: The same when every lawyer was called already. time = when the coordinators are told.
STATUS_COORDINATORS_AT = N_("If nobody takes it by %(time)s, we tell the coordinators.")
# i18n: At night, for a request that is not of the gravest kind. time = time of day, such as 08:00.
STATUS_MORNING = N_("At night we ring only for the gravest danger. At %(time)s we ring the lawyers.")
# i18n: No lawyer is reachable at all.
STATUS_NOBODY = N_("No lawyer can be reached right now.")
# i18n: Somebody who was called has passed, and nobody else can be reached.
STATUS_PASSED = N_("No lawyer whom we can reach can take your request.")
# i18n: True state of a request without a named danger: lawyers get a list once a day. time = such as 09:00.
STATUS_LISTED = N_("Lawyers get your request with their next list, at %(time)s.")
# i18n: time = when the lawyer took it.
STATUS_TAKEN = N_("A lawyer took your request at %(time)s.")
# i18n: After STATUS_TAKEN, until the lawyer has been in touch.
STATUS_WAIT_HERE = N_("Wait for news in this chat and, if you have named another way, there too.")
# i18n: After STATUS_TAKEN: the lawyer's Telegram does not answer.
STATUS_CLAIMER_GONE = N_("The lawyer cannot be reached in Telegram right now.")
# i18n: After STATUS_TAKEN, until the lawyer has been in touch. time = when the claim ends without contact.
STATUS_LEASE = N_("If the lawyer is not in touch by %(time)s, we call others.")
# i18n: The same while there is no other lawyer whom we could call.
STATUS_LEASE_ALONE = N_("If the lawyer is not in touch by %(time)s, your request waits for a lawyer again.")
# i18n: After STATUS_TAKEN, once the lawyer has been in touch.
STATUS_REACHED = N_("The lawyer has been in touch.")
# i18n: On the status card: whatever is written now is sealed for the lawyer.
ADD_HINT = N_("Anything that you write here is sealed for the lawyer and removed from the chat.")
# i18n: After something was written while no question is open.
ADDED = N_("Saved for the lawyer; removed from the chat on purpose.")

# i18n: Notification in the person's chat. Neutral: may show on a locked screen.
NEW_MESSAGE = N_("There is a new message")
# i18n: Button: shows what the lawyer wrote.
SHOW = N_("Show")
# i18n: On the person's card, also while a question is open: there nothing can be written to the lawyer.
MISSED = N_(
    "A message from the lawyer was not opened in a day and is not here any more. Ask the lawyer to send it again."
)
# i18n: Above what the lawyer wrote, on the person's card.
FROM_LAWYER = N_("From the lawyer:")
# i18n: The lawyer who took the request has not been in touch in time. True state; no blame.
STATUS_LAPSED = N_("The lawyer did not get in touch in time.")
# i18n: The lawyer who took the request has given it back.
STATUS_RETURNED = N_("The lawyer who took your request cannot go on.")

# i18n: Button on the status card: news then ring on this phone, without any content.
NOTIFY_ON = N_("Ring when there is news")
# i18n: Button on the status card: undoes NOTIFY_ON.
NOTIFY_OFF = N_("Do not ring")
# i18n: True state: an earlier request of this account was a false alarm, so a coordinator decides who is called.
STATUS_MUTED = N_("A coordinator looks at your request first.")
# i18n: The same while there is no coordinator who can be reached.
STATUS_UNSEEN = N_("A coordinator has to look at your request first; none can be reached right now.")
# i18n: Last card: the lawyer has closed the request, and the account's link to it is cut. Neutral: no lawyer, no code.
CLOSED_CARD = N_("Your request is closed. To write again, send /start.")
# i18n: After "Show": what was answered was not sent in time. Neutral: stands on the phone for a day.
EXPIRED = N_("Nothing was sent in time, so the answers are deleted. To begin again, send /start.")
# i18n: In place of a card that has stood for almost two days; "Show" brings it back. Neutral: says nothing.
RESTS = N_("To go on, press “Show”.")

# --- vanish --------------------------------------------------------------------------------------------------

# i18n: In a window over the chat after "Hide chat". Everything in the chat is gone. code = case code.
HIDDEN = N_("The chat is cleared. What was sent stays. To come back, type here: %(code)s")
# i18n: After HIDDEN, when some messages are older than two days: they have lost their text. 200 characters in all.
LEFT_OVER = NP_(
    "%(num)d message stays, without its text. Delete the chat yourself.",
    "%(num)d messages stay, without their text. Delete the chat yourself.",
)
# i18n: Asked once after /delete. Must stay true: a copy that a lawyer has downloaded remains with the lawyer.
DELETE_CONFIRM = N_(
    "Delete everything? Your answers and messages are destroyed here at once. A copy that a lawyer has already"
    " downloaded remains with the lawyer, who is asked to delete it. This cannot be undone."
)
# i18n: Button: confirms /delete.
DELETE_YES = N_("Delete everything")
# i18n: Button: does not delete.
CANCEL = N_("Cancel")
# i18n: After erasing.
DELETE_DONE = N_("Done. We have deleted your data. Delete this chat in Telegram too.")
# i18n: /help for a person who asks for help.
HELP = N_(
    "/start – start again\n/back – previous question\n/skip – skip the question\n"
    "/status – what is happening with my request\n/language – change the language\n"
    "/clear – hide this chat\n/delete – delete everything\n/help – this text"
)
# i18n: Title over the language buttons in the middle of the questions.
CHOOSE_LANGUAGE = N_("Choose a language")

# --- the menu of the bot: harmless words only ----------------------------------------------------------------

# i18n: Menu entry /start. Neutral: the menu is seen by whoever holds the phone.
MENU_START = N_("Start")
# i18n: Menu entry /help. Neutral.
MENU_HELP = N_("Help")
# i18n: Menu entry /language. Neutral.
MENU_LANGUAGE = N_("Language")
# i18n: Menu entry /clear. Neutral.
MENU_CLEAR = N_("Clear the chat")

# --- lawyers and coordinators --------------------------------------------------------------------------------

# i18n: First line of a critical alert, to a lawyer. code = case code.
ALERT_CRITICAL = N_("URGENT. Case %(code)s")
# i18n: First line of an alert of level high.
ALERT_HIGH = N_("Important. Case %(code)s")
# i18n: First line of an alert of level normal.
ALERT_NORMAL = N_("Case %(code)s")
# i18n: Reason in an alert: the person pressed "urgent" and has not answered yet.
ASKED_URGENT = N_("Asked for urgent help")
# i18n: In place of the reasons in an alert: they were damaged on the server; the sealed case is as it was.
FACTS_LOST = N_("The short description cannot be read: take the case and open it")
# i18n: In an alert: no deadline has been computed from the answers.
ALERT_NO_CLOCK = N_("Soonest deadline: not known")
# i18n: In an alert. date = the last day, event = which deadline: "Refusal handed over: one month to go to court".
ALERT_CLOCK = N_("Soonest deadline: %(date)s. %(event)s")
# i18n: After a deadline that no advocate has confirmed yet; lawyers see it.
UNSIGNED = N_("(not yet confirmed by an advocate)")
# i18n: In an alert. region = a region's name or "not known".
ALERT_REGION = N_("Region: %(region)s")
# i18n: In an alert. language = a language's name.
ALERT_LANGUAGE = N_("Language: %(language)s")
# i18n: In an alert: the person has not yet said whether writing to them is safe.
ALERT_WRITING_UNKNOWN = N_("Is writing safe: not known")
# i18n: In an alert: the person chose this chat.
ALERT_WRITING_SAFE = N_("Is writing safe: yes, in this chat")
# i18n: In an alert: the person chose another way. way = an option such as "By phone"; the number is in the sealed case.
ALERT_WRITING_UNSAFE = N_("Is writing safe: no. Chosen instead: %(way)s")
# i18n: In an alert: the chat is blocked or gone. way = an option such as "By phone"; the number is in the sealed case.
ALERT_UNREACHED = N_("Cannot be reached in this chat. Chosen way: %(way)s")
# i18n: Value in an alert.
NOT_KNOWN = N_("not known")
# i18n: Button of an alert: the lawyer takes the case.
TAKE = N_("Take it")
# i18n: Button of an alert: the lawyer passes.
PASS = N_("Pass")
# i18n: In place of an alert, for the other lawyers. No name.
ALERT_TAKEN = N_("Case %(code)s has been taken.")
# i18n: In place of an alert, for the lawyer who passed.
ALERT_PASSED = N_("Case %(code)s: passed, you are not called about it. You may say why:")
# i18n: In place of an alert: the person pressed "not now".
ALERT_WITHDRAWN = N_("Case %(code)s: the person has withdrawn the call.")
# i18n: In place of an alert, and to the lawyer who holds it: the person erased the case.
ALERT_ERASED = N_("Case %(code)s was erased at the person's wish. Please delete your copy and notes too.")
# i18n: In place of an alert: a coordinator erased the case, or its time is over.
ALERT_ERASED_HERE = N_("Case %(code)s was erased. Please delete your copy and notes too.")
# i18n: To the lawyer who took the case; the sealed file comes with it.
YOU_TOOK = N_(
    "You have taken case %(code)s. The sealed file is below: open it on your own device with “pana open”."
    " Contact the person as soon as possible."
)
# i18n: Under YOU_TOOK until the person has been reached. time = time of day, or day and time.
LEASE = N_("First contact by %(time)s, otherwise the case goes to the next lawyer.")
# i18n: Button: write one message to the person.
WRITE = N_("Write")
# i18n: Button: the lawyer is on it, or has reached the person by phone.
ACTING = N_("I am acting")
# i18n: Button: the lawyer gives the case back.
RELEASE = N_("Release")
# i18n: Button: sends the one message that was typed.
SEND_MESSAGE = N_("Send")
# i18n: After "Write". region = a region's name or "not known". The ready phrases stand on the buttons below.
WRITE_TO = N_("To %(code)s (%(region)s). Type one message or press a ready one.")
# i18n: After "Write", before the check word was typed. The ready phrases stand on the buttons below.
WRITE_READY = N_(
    "To %(code)s (%(region)s). Press a ready message. To ask, to write in your own words and to read answers here,"
    " first type the check word from the opened case."
)
# i18n: The lawyer typed something else than the check word. It was not kept.
CHECK_FIRST = N_("This is not the check word, so it was not kept. It stands in the opened case.")
# i18n: The check word was right.
CHECKED = N_("Case %(code)s: the check word is right. Now type one message.")
# i18n: Under YOU_TOOK. words = two words in the person's language.
SAY_FIRST = N_("If you call, first say: %(words)s")
# i18n: Under YOU_TOOK, before the check word was typed: the two words stand in the opened case.
SAY_FIRST_INSIDE = N_("If you call, first say the two words from the opened case.")
# i18n: Above the text that the lawyer typed, before it is sent.
PREVIEW = N_("To %(code)s (%(region)s), not sent yet:")
# i18n: What became of the lawyer's message. n = its number. It is on its way, and also in the sealed case.
RECEIPT_UNREAD = N_("%(code)s, message %(n)s: not read yet.")
# i18n: What became of the lawyer's message. n = its number, time = when the person opened it.
RECEIPT_READ = N_("%(code)s, message %(n)s: read at %(time)s.")
# i18n: What became of the lawyer's message. n = its number.
RECEIPT_MISSED = N_("%(code)s, message %(n)s: not opened in 24 hours. It stands in the sealed case only.")
# i18n: What became of the lawyer's message: Telegram refuses it. n = its number.
RECEIPT_UNREACHED = N_("%(code)s, message %(n)s: not read. The person cannot be reached here.")
# i18n: To the lawyer who holds the case: the chat is blocked or gone. way = an option such as "By phone".
UNREACHED = N_("%(code)s: the person cannot be reached here. You still hold the case. Chosen way: %(way)s")
# i18n: To the lawyer who holds the case.
REACHABLE = N_("%(code)s: the person can be reached here again.")
# i18n: After "I am acting". time = until when the claim holds; it can be extended once.
ACTS = N_("%(code)s: noted. You hold the case until %(time)s.")
# i18n: After "I am acting" was pressed again.
ACTED_BEFORE = N_("%(code)s: extended once already. You hold the case until %(time)s.")
# i18n: After "I am acting" while the claim has no end.
ACTS_ON = N_("%(code)s: noted.")
# i18n: Button, once the check word was typed: the lawyer has spoken with the person by phone.
PHONED = N_("I am acting: reached by phone")
# i18n: Button beside PHONED: the claim is extended, once; pressed again it promises nothing.
TRYING = N_("Not reached yet, still trying")
# i18n: After PHONED.
PHONED_NOTED = N_("%(code)s: noted, the person was reached.")
# i18n: To the lawyer who holds the case, with the buttons of the claim.
QUIET_ASK = N_("%(code)s: nothing from either side for two days. Are you still acting?")
# i18n: To the lawyer whose case was given to others by a coordinator.
FREED = N_("%(code)s: nothing was heard, so the coordinators have called others. You can take it again.")
# i18n: To the lawyer who holds the case. date = the day.
ENDING = N_("%(code)s: nothing was heard for a long time. The case is erased on %(date)s. “I am acting” keeps it.")
# i18n: The lawyer pressed "Cancel".
MESSAGE_DROPPED = N_("Not sent.")
# i18n: The lawyer typed more than fits. num = the most characters.
MESSAGE_TOO_LONG = N_("Not kept: a message may have %(num)s characters.")
# i18n: Above what the person wrote to the lawyer. n = its number.
FROM_SEEKER = N_("Case %(code)s, message %(n)s:")
# i18n: Above what the person wrote to the lawyer: they have edited an earlier text. n = its number.
FROM_SEEKER_CORRECTED = N_("Case %(code)s, message %(n)s, a correction:")
# i18n: To the claimer at two thirds of the time for first contact.
LEASE_ASK = N_("Case %(code)s: has the person been reached? The claim holds until %(time)s.")
# i18n: To the claimer whose time for first contact is over.
LAPSED = N_("Case %(code)s: the time for first contact is over and the others are called. You can take it again.")
# i18n: Ready phrase of a lawyer to the person; also a button.
PHRASE_LAWYER = N_("I am a volunteer lawyer")
# i18n: Ready phrase of a lawyer to somebody who writes for a person who is held; also a button.
PHRASE_NAME = N_("Name and birth date of the person held?")
# i18n: Ready phrase of a lawyer; also a button.
PHRASE_SIGN = N_("Sign nothing without a lawyer")
# i18n: Ready phrase of a lawyer; also a button.
PHRASE_PAPER = N_("Send a photo of the paper")
# i18n: Ready phrase of a lawyer; also a button. Office = police station, border post, migration police.
PHRASE_OFFICE = N_("Which office holds them?")
# i18n: Caption of the sealed file.
BUNDLE = N_("Case %(code)s, sealed to your key")
# i18n: To the lawyer who holds the case: the person added something. /cases is a command.
MORE = N_("Case %(code)s: something was added. /cases gives the whole file.")
# i18n: To the lawyer who holds the case: new answers have made it graver. /cases is a command.
RISEN = N_("Case %(code)s has become more urgent: there are new answers. Whole file: /cases")
# i18n: Same answer for a case that does not exist and one that the member may not see.
NO_CASE = N_("There is no such case for you to take.")
# i18n: /cases without any claim.
NO_CASES = N_("You hold no case.")
# i18n: To coordinators: nobody who can open the case can be reached.
NOBODY = N_("Case %(code)s: nobody can take it now. Lawyers cannot be reached, cannot open it, or have passed.")
# i18n: To coordinators after rungs of the ladder went unanswered.
UNCLAIMED = N_("Case %(code)s: nobody has taken it yet.")
# i18n: A member typed something that is no command.
MEMBER_STRAY = N_("This text went nowhere. Members use the buttons and the commands in /help.")
# i18n: /help for lawyers.
MEMBER_HELP = N_(
    "/take CODE – take a case\n/pass CODE – pass\n/cases – the sealed files of your cases\n"
    "/oncall – your duty\n/help – this text"
)
# i18n: /help for coordinators.
COORDINATOR_HELP = N_(
    "/queue – cases that wait\n/oncall – who is on call\n/suspend – stop a member, the name follows\n/help – this text"
)

# --- claims: passing, handing over, closing ---------------------------------------------------------------------

# i18n: Button after "Pass": why.
PASS_CONFLICT = N_("Conflict of interest")
# i18n: Button after "Pass": why.
PASS_LANGUAGE = N_("Not my language")
# i18n: Button after "Pass": why.
PASS_TIME = N_("No time")
# i18n: The lawyer told why they passed.
PASS_NOTED = N_("Case %(code)s: passed, noted.")
# i18n: The lawyer has reached the limit of cases a day.
TAKE_MANY = N_("The case was not taken: you have taken many in the last 24 hours. The coordinators have been told.")
# i18n: Button: offer the case to another lawyer.
HAND_OVER = N_("Hand over")
# i18n: Button: close the case.
CLOSE = N_("Close")
# i18n: Above buttons with lawyers' names; the mark ✓ stands before those who can open the case already.
HAND_OVER_TO = N_("Case %(code)s: to whom? ✓ can open it at once.")
# i18n: No other lawyer takes part.
HAND_OVER_NOBODY = N_("There is no other lawyer to hand it over to.")
# i18n: After HAND_OVER_TO.
OFFER_SENT = N_("Case %(code)s is offered. You hold it until it is accepted.")
# i18n: To the lawyer to whom a case is offered; the alert stands below.
OFFER = N_("A lawyer asks you to take this case over.")
# i18n: Button under OFFER.
ACCEPT = N_("Accept")
# i18n: Button under OFFER.
DECLINE = N_("Decline")
# i18n: To the lawyer who offered a case.
OFFER_DECLINED = N_("Case %(code)s: the other lawyer cannot take it. You hold it.")
# i18n: To the lawyer who offered a case: the other one cannot open it yet. command = what to type on the terminal.
OFFER_SHARE = N_("Case %(code)s: accepted. On your own device: %(command)s\n\nThen send the new file here.")
# i18n: To the lawyer who sent a file that the other one cannot open. command = what to type on the terminal.
OFFER_SHARE_AGAIN = N_(
    "Case %(code)s: the file did not open with the other lawyer's key. Make a new file on your own device: %(command)s"
    "\n\nThen send the new file here."
)
# i18n: To the lawyer who takes a case over: the sealed file has come.
OFFER_OPENS = N_("Case %(code)s: does the file open with your key?")
# i18n: Button under OFFER_OPENS.
OPENS_YES = N_("It opens")
# i18n: Button under OFFER_OPENS.
OPENS_NO = N_("It does not open")
# i18n: To the lawyer who sent OUT.zip.
WRAP_SENT = N_("Case %(code)s: passed on. You hold it until the other lawyer confirms that it opens.")
# i18n: A member sent a file that holds no new key of a case that is being handed over.
WRAP_WRONG = N_("There is nothing in this file that is awaited. It was not kept.")
# i18n: Above the outcomes.
CLOSE_HOW = N_("Case %(code)s: how did it end?")
# i18n: Outcome of a case; also a button.
OUTCOME_HELPED = N_("Help was given")
# i18n: Outcome of a case; also a button.
OUTCOME_REFERRED = N_("Passed to an organisation")
# i18n: Outcome of a case; also a button.
OUTCOME_UNREACHABLE = N_("Could not be reached")
# i18n: Outcome of a case; also a button.
OUTCOME_DECLINED = N_("The person declined help")
# i18n: Outcome of a case; also a button. Later cases of this account then ring nobody.
OUTCOME_FALSE_ALARM = N_("False alarm")
# i18n: Outcome of a case; also a button.
OUTCOME_OTHER = N_("Another outcome")
# i18n: Asked once before a case is closed. outcome = one of the outcomes above.
CLOSE_CONFIRM = N_(
    "Close case %(code)s? Outcome: %(outcome)s. The person is told if their chat can be reached, and nobody can write"
    " to them here any more. This cannot be undone."
)
# i18n: Asked once before a case is closed as a false alarm.
FALSE_CONFIRM = N_(
    "Case %(code)s: a false alarm? It is closed, and the person is told if their chat can be reached. Their other"
    " requests ring nobody until a coordinator has looked. You can undo this for ten minutes."
)
# i18n: Button under CLOSE_CONFIRM and FALSE_CONFIRM.
CLOSE_YES = N_("Yes, close it")
# i18n: After a cancelled closing.
CLOSE_NOT = N_("Case %(code)s is not closed.")
# i18n: After a false alarm was confirmed; the button UNDO stands below. time = until when.
FALSE_DONE = N_("Case %(code)s is closed as a false alarm. Undo until %(time)s")
# i18n: Button under FALSE_DONE.
UNDO = N_("Undo: no false alarm")
# i18n: After UNDO: the case is this lawyer's again. The person's chat may be hidden, so nothing is said of it.
UNDONE = N_("Case %(code)s is yours again, as before you closed it. The false alarm is taken back.")
# i18n: After UNDO, when ten minutes are over or the person has erased it.
UNDO_OVER = N_("This cannot be undone any more.")
# i18n: In place of an alert.
ALERT_CLOSED = N_("Case %(code)s is closed.")
# i18n: Reminder of a deadline to the lawyer who holds the case. date = the last day, event = which deadline.
REMIND = N_("Case %(code)s. Last day: %(date)s. %(event)s")
# i18n: Button under REMIND: the deadline is met.
CLOCK_DONE = N_("It is done")
# i18n: Button under REMIND: somebody else looks after this deadline.
CLOCK_NOT_MINE = N_("Another lawyer does it")
# i18n: After CLOCK_DONE or CLOCK_NOT_MINE.
CLOCK_SETTLED = N_("Noted. No more reminders of this deadline.")

# --- lists ------------------------------------------------------------------------------------------------------

# i18n: First line of a lawyer's list when many urgent cases come at once.
LIST_URGENT = NP_("URGENT. %(num)d case is waiting", "URGENT. %(num)d cases are waiting")
# i18n: First line of a lawyer's daily list.
LIST_DIGEST = NP_("%(num)d case is waiting", "%(num)d cases are waiting")
# i18n: Last line of a list that is too long for one message. num = how many more.
LIST_MORE = N_("Also waiting: %(num)s. They follow when these are taken.")
# i18n: Line of a list or queue, or its title: people who pressed "urgent" and have answered nothing.
LIST_SILENT = NP_("%(num)d person who has answered nothing", "%(num)d people who have answered nothing")
# i18n: Button under LIST_SILENT.
LIST_SILENT_SHOW = N_("Show who has answered nothing")
# i18n: In place of a list when every case on it has been taken.
LIST_EMPTY = N_("No case on this list is waiting any more.")
# i18n: Last line of a list, above buttons with the codes of its cases.
LIST_TAKE = N_("To take a case, press its code:")

# --- coordinators -----------------------------------------------------------------------------------------------

# i18n: To coordinators: an earlier case of this account was closed as a false alarm.
MUTED = N_("Case %(code)s: an earlier one of this account was a false alarm. No lawyer is called.")
# i18n: Button under MUTED.
LET_THROUGH = N_("Call the lawyers")
# i18n: After LET_THROUGH.
LET_THROUGH_DONE = N_("Case %(code)s: the lawyers are being called.")
# i18n: Line to coordinators. name = a lawyer.
LINE_TAKEN = N_("%(time)s. Case %(code)s was taken. Lawyer: %(name)s")
# i18n: Line to coordinators: no first contact in time.
LINE_LAPSED = N_("%(time)s. Case %(code)s: no first contact, the others are called. Lawyer: %(name)s")
# i18n: Line to coordinators: the lawyer gave the case back.
LINE_RELEASED = N_("%(time)s. Case %(code)s was returned. Lawyer: %(name)s")
# i18n: Line to coordinators: handed over; name = who has it now.
LINE_PASSED = N_("%(time)s. Case %(code)s was handed over. Lawyer now: %(name)s")
# i18n: Line to coordinators.
LINE_CLOSED = N_("%(time)s. Case %(code)s is closed. Lawyer: %(name)s")
# i18n: Line to coordinators: a false alarm was none after all.
LINE_UNDONE = N_("%(time)s. Case %(code)s was no false alarm and is open again. Lawyer: %(name)s")
# i18n: Line to coordinators: a member has blocked the bot, or the account is gone.
LINE_GONE = N_("%(time)s. No connection to %(name)s in Telegram. The next are called.")
# i18n: Line to coordinators.
LINE_COLLECTS = N_("%(time)s. The limit of cases for one day is reached. Lawyer: %(name)s")
# i18n: Line to coordinators: the person has answered anew, and the case is more urgent. name = who holds it.
LINE_RISEN = N_("%(time)s. Case %(code)s has become more urgent. Lawyer: %(name)s")
# i18n: Line to coordinators: somebody calls again and again. code = their newest case, may be empty.
LINE_OFTEN = N_("%(time)s. One account calls very often, so its calls make no sound for a while. Newest case: %(code)s")
# i18n: Line to coordinators: a new member. key = fingerprint of the key.
LINE_JOINED = N_("%(time)s. New member: %(name)s. Key: %(key)s")
# i18n: Line to coordinators: a member is one no more.
LINE_LEFT = N_("%(time)s. No longer a member: %(name)s. Key: %(key)s")
# i18n: Line to coordinators.
LINE_SUSPENDED = N_("%(time)s. Suspended: %(name)s. Key: %(key)s")
# i18n: Line to the coordinator who asked to suspend somebody: another one said no. name = who was to be stopped.
LINE_NOT_SUSPENDED = N_("%(time)s. Another coordinator said no. Not suspended: %(name)s")
# i18n: Line to coordinators.
LINE_RESUMED = N_("%(time)s. Takes part again: %(name)s. Key: %(key)s")
# i18n: Line to coordinators: a member has another key from now on. key = its fingerprint.
LINE_REKEYED = N_("%(time)s. New key of a member: %(name)s. Key: %(key)s")
# i18n: Line to coordinators: somebody who was invited has sent their public key. key = fingerprint to be compared.
LINE_KEY = N_("%(time)s. An invited member has sent a key: %(key)s. Compare it, then: %(command)s")
# i18n: Line to coordinators.
LINE_ROTA = N_("%(time)s. A new rota is in force.")
# i18n: Line to coordinators. The command stands as it is.
LINE_ROTA_BROKEN = N_("%(time)s. The rota file cannot be used, the earlier one stays in force. Why: %(command)s")
# i18n: Line to coordinators: the last one has gone off duty.
LINE_BARE = N_("%(time)s. Nobody is on call now. See: %(command)s")
# i18n: Line to coordinators: within 48 hours nobody will be on duty for some time.
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
# i18n: To coordinators, with a button. name = who holds it.
SILENT = N_("Case %(code)s: nothing was heard for three days, and the lawyer does not answer. Lawyer: %(name)s")
# i18n: Button under SILENT: the claim ends and the others are called.
FREE = N_("Call the others")
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
# i18n: To coordinators: a change of the rota that waits for a yes.
ROTA_COVER = N_("The new rota takes cover away within 48 hours. Use it?")
# i18n: To coordinators: a change of the rota that waits for a yes.
ROTA_HALF = N_("The new rota changes more than half of the shifts. Use it?")
# i18n: Button.
YES = N_("Yes")
# i18n: Button.
NO = N_("No")
# i18n: After NO.
ROTA_KEPT = N_("The earlier rota stays in force.")
# i18n: The rota that was asked about has changed or was answered already.
ROTA_OVER = N_("This rota does not wait for an answer any more.")
# i18n: First line of /queue.
QUEUE = NP_("%(num)d case is waiting.", "%(num)d cases are waiting.")
# i18n: Answer to /queue.
QUEUE_EMPTY = N_("No case is waiting.")
# i18n: Level of a case in a line of /queue: the most urgent. A word, lower case.
LEVEL_CRITICAL = N_("critical")
# i18n: Level of a case in a line of /queue.
LEVEL_HIGH = N_("high")
# i18n: Level of a case in a line of /queue.
LEVEL_NORMAL = N_("normal")
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
# i18n: After "No". name = who was to be stopped.
SUSPEND_NOT = N_("%(name)s: not suspended.")
# i18n: Answer to /suspend.
NO_MEMBER = N_("There is no such member.")

# --- duty -------------------------------------------------------------------------------------------------------

# i18n: Answer to /oncall.
ON_DUTY = N_("You are on call.")
# i18n: Answer to /oncall until TIME.
ON_DUTY_UNTIL = N_("You are on call. Until: %(time)s")
# i18n: Answer to /oncall.
OFF_DUTY = N_("You are not on call.")
# i18n: Under OFF_DUTY. time = when the next shift begins, with its date if that is not today.
NEXT_DUTY = N_("Next time on call: %(time)s")
# i18n: Under ON_DUTY or OFF_DUTY; a list of shifts follows.
YOUR_SHIFTS = N_("Your shifts:")
# How /oncall is written: commands, the same in every language.
ONCALL_HOW = "/oncall on\n/oncall off\n/oncall until 07:00\n/oncall swap\n/oncall rota"
# i18n: A time that was not understood.
ONCALL_BAD_TIME = N_("The time was not understood. Write it like this: %(example)s")
# i18n: Answer to /oncall swap; shifts stand on the buttons.
SWAP_WHICH = N_("Which shift do you give away?")
# i18n: Answer to /oncall swap.
SWAP_NONE = N_("You have no shift in the rota.")
# i18n: Names of lawyers stand on the buttons. shift = date and times.
SWAP_WHOM = N_("Shift %(shift)s. Who should take it?")
# i18n: After SWAP_WHOM.
SWAP_ASKED = N_("Asked. The shift is yours until it is accepted.")
# i18n: To the lawyer who is asked. name = who asks.
SWAP_ASK = N_("%(name)s asks you to take a shift: %(shift)s")
# i18n: To both lawyers. name = who takes it.
SWAP_ACCEPTED = N_("Shift %(shift)s is taken over. Lawyer: %(name)s")
# i18n: To both lawyers. name = who was asked.
SWAP_DECLINED = N_("Shift %(shift)s stays as it was. Lawyer asked: %(name)s")
# i18n: The request is too old.
SWAP_OVER = N_("This request is over.")
# i18n: To both lawyers of a swap: the calendar has moved or removed the shift, or the other lawyer has left.
SHIFT_MOVED = N_("Shift %(shift)s has changed in the rota. What was agreed about it is over. Your duty: /oncall")
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
# i18n: Coordinator's /oncall: a list of times follows.
DUTY_GAPS = N_("Nobody on call in the next 48 hours:")
# i18n: Coordinator's /oncall: a case that waits, and which lawyers were called.
DUTY_CALLED = N_("Case %(code)s. Called: %(names)s")
# i18n: Under DUTY_CALLED: lawyers who have passed.
DUTY_PASSED = N_("Passed: %(names)s")
# i18n: Button under a coordinator's /oncall.
REFRESH = N_("Refresh")
# i18n: To coordinators; entries of the calendar follow, each with its name and time, then ROTA_WHY.
ROTA_UNUSABLE = N_("In the rota these entries cannot be used, nobody is on call by them:")
# i18n: Under ROTA_UNUSABLE.
ROTA_WHY = N_("The rest is in force. Why: %(command)s")
# i18n: Monthly test page.
REACH_TEST = N_("Test of the alarm. Please press the button: then we know that alerts reach you.")
# i18n: Button under REACH_TEST.
REACH_CONFIRM = N_("Confirm")
# i18n: After REACH_CONFIRM.
REACH_THANKS = N_("Confirmed. Thank you.")
# i18n: All that is said outside Telegram, by e-mail or push. No code, no place, nothing else.
OUTSIDE = N_("A case is waiting.")
# i18n: Also by e-mail or push, to everybody: the program itself needs somebody. Nothing about cases.
OUTSIDE_ATTENTION = N_("The service needs attention: look at its log.")
# i18n: Also by e-mail or push: somebody tries whether it arrives.
OUTSIDE_TEST = N_("A test: nothing has to be done.")

# --- joining ----------------------------------------------------------------------------------------------------

# i18n: To somebody who came with a valid invitation.
JOIN_SEND = N_("Send your public key here as one message. It begins like this: %(example)s")
# i18n: The key has come. key = its fingerprint.
JOIN_DONE = N_("The key has come. Its fingerprint: %(key)s. Tell it to the coordinator.")
# i18n: What came is no key.
JOIN_BAD = N_("This is not a public key. Please send it again. It begins like this: %(example)s")
# i18n: A secret key has come. command = what makes a new one on the member's own device.
JOIN_SECRET = N_(
    "This is a secret key: nobody but you may see it. It has been in the chat, so please do not use it any more. "
    "Make a new one with “%(command)s”, then send the new public key here. It begins like this: %(example)s"
)
# i18n: The public key that came is another member's, or one of the recovery keys: a wrong file. command = what makes a
# new key on the member's own device.
JOIN_OTHERS = N_(
    "This key belongs to somebody else. Make your own with “%(command)s”, then send its public half here. It begins"
    " like this: %(example)s"
)

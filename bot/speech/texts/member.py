"""The texts for lawyers, and what coordinators read as lawyers do."""

from bot.speech.texts.marks import N_, NP_

# --- a case that waits, and its claim --------------------------------------------------------------------------------

# i18n: First line of a critical alert, to a lawyer. code = case code.
ALERT_CRITICAL = N_("URGENT · %(code)s")
# i18n: First line of an alert of level high.
ALERT_HIGH = N_("Important · %(code)s")
# i18n: First line of an alert of level normal.
ALERT_NORMAL = N_("New case · %(code)s")
# i18n: Reason in an alert: the person pressed "urgent" and has not answered yet.
ASKED_URGENT = N_("Asked for urgent help")
# i18n: In place of the reasons in an alert: they were damaged on the server; the sealed case is as it was.
FACTS_LOST = N_("The short description cannot be read: take the case and open it")
# i18n: In an alert. region = a region's name or "not known".
ALERT_REGION = N_("Region: %(region)s")
# i18n: First line of an alert, after the code. who = "about themselves", "a lawyer"; language = a language's name.
ALERT_WRITES = N_("Writes: %(who)s. Language: %(language)s")
# i18n: The same while nobody has said for whom they write.
ALERT_LANGUAGE = N_("Language: %(language)s")
# i18n: In an alert: a question in short, and its answer.
ASKED_AND_TOLD = N_("%(question)s: %(answer)s")
# i18n: In an alert: the answer "I don't know", after the question in short.
DOES_NOT_KNOW = N_("does not know")
# i18n: In an alert: the question was asked and skipped.
NO_ANSWER = N_("no answer")
# i18n: In an alert. what = "expulsion (court)", or several.
ALERT_THREAT = N_("Threatens: %(what)s")
# i18n: In an alert, after a paper's name. date = a day.
PAPER_GIVEN = N_("handed over %(date)s")
# i18n: In an alert, after a paper's name: the date printed on it. date = a day.
PAPER_DATED = N_("dated %(date)s")
# i18n: In an alert, after a paper's name: when it was handed over is not known.
PAPER_UNDATED = N_("day not known")
# i18n: In an alert: an answer that "I don't know" has taken the place of since. what = question and answer.
SAID_BEFORE = N_("said before: %(what)s")
# i18n: In an alert: the level is higher, because answers are missing.
NOT_ALL_TOLD = N_("Answers are missing, and not knowing counts as danger")
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
# i18n: Button of an alert: this lawyer cannot take the case; others are called. Not to be confused with HAND_OVER.
PASS = N_("I cannot take it")
# i18n: Button under ALERT_PASSED: takes the case although it was passed before.
TAKE_AFTER_ALL = N_("Take it after all")
# i18n: In an alert, after what fits. num = how many facts more stand in the sealed case.
REASONS_MORE = N_("… more in the case: %(num)s")
# i18n: In place of an alert, for the other lawyers. No name.
ALERT_TAKEN = N_("Case %(code)s has been taken.")
# i18n: In place of an alert, for the lawyer who passed.
ALERT_PASSED = N_("Case %(code)s: you cannot take it, and are not called about it any more. You may say why:")
# i18n: In place of an alert: the call was withdrawn in the person's chat. Nobody knows who holds the phone.
ALERT_WITHDRAWN = N_("Case %(code)s: the call was withdrawn in the person's chat.")
# i18n: In place of an alert, and to the lawyer who held the case: everything was deleted in the person's chat.
ALERT_ERASED = N_(
    "%(code)s: “Delete everything” was pressed in the person's chat, and the case is erased. Perhaps somebody made"
    " them do it. Please delete your copy and notes too."
)
# i18n: In place of an alert: a coordinator erased the case, or its time is over.
ALERT_ERASED_HERE = N_("Case %(code)s was erased. Please delete your copy and notes too.")
# i18n: To the lawyer who holds the case, in place of its card. time = time of day, or day and time.
PARTED = N_(
    "%(code)s: “Delete everything” was pressed in the person's chat. You cannot write to them any more. Perhaps"
    " somebody made them do it. You can open the case until %(time)s (/cases sends it again), then it is erased here."
)
# i18n: Button under PARTED: asks before the case is erased.
PARTED_CLOSE = N_("Erase it now")
# i18n: Asked once after PARTED_CLOSE.
PARTED_CONFIRM = N_("Erase case %(code)s now? After that it cannot be opened from here. This cannot be undone.")
# i18n: Button under PARTED_CONFIRM.
PARTED_YES = N_("Yes, erase it")
# i18n: First line of the card of who has taken the case. What its alert said stands below.
YOU_TOOK = N_("You have taken it · %(code)s")
# i18n: Under YOU_TOOK until the person has been reached. time = time of day, or day and time.
LEASE = N_("First contact by %(time)s, otherwise others are called.")
# i18n: Button, beside ACTING: write one message to the person. At most 14 letters.
WRITE = N_("Write")
# i18n: Button, beside WRITE: the lawyer is on it. At most 14 letters.
ACTING = N_("I am acting")
# i18n: Button: the lawyer gives the case back, and others are called.
GIVE_BACK = N_("Return to the queue")
# i18n: Button: sends the one message that was typed.
SEND_MESSAGE = N_("Send")
# i18n: After "Write". region = a region's name or "not known". The ready phrases stand on the buttons below.
WRITE_TO = N_("To %(code)s (%(region)s). Type one message or press a ready one.")
# i18n: Under WRITE_TO: for what the ready phrases on the buttons below are, in their order.
WRITE_ORDER = N_("From top to bottom: who you are; what to do; questions.")
# i18n: After "Write", before the check word was typed. The ready phrases stand on the buttons below.
WRITE_READY = N_(
    "To %(code)s (%(region)s). Press a ready message. To ask, to write in your own words and to read answers here,"
    " first type the check word from the opened case."
)
# i18n: The lawyer typed something else than the check word. It was not kept.
CHECK_FIRST = N_("This is not the check word, so it was not kept. It stands in the opened case.")
# i18n: The check word was right.
CHECKED = N_("Case %(code)s: the check word is right.")
# i18n: Under YOU_TOOK. words = two words in the person's language.
SAY_FIRST = N_("If you call, first say: %(words)s")
# i18n: Under BUNDLE: the two words stand in the opened case.
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
PHONED = N_("Reached by phone")
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
# i18n: In place of PREVIEW, when "Send" was not pressed for a quarter of an hour. The button WRITE stands below.
UNSENT = N_("%(code)s: not sent. What you typed has left this chat after 15 minutes.")
# i18n: Under WRITE_TO, WRITE_READY or NOTE_WRITE: a message had been typed in this case when another text was begun.
UNSENT_BEFORE = N_("%(code)s: not sent. What you typed before has left this chat.")
# i18n: In place of WRITE_TO, WRITE_READY or NOTE_WRITE, a quarter of an hour later. The button WRITE or NOTE is below.
WRITING_OVER = N_("%(code)s: the 15 minutes are over. Text typed now goes nowhere: to write, first press the button.")
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
# i18n: Ready phrase of a lawyer, also a button: whose name it is does not belong into a chat that Telegram can read.
PHRASE_NAME = N_("Tell the name by phone")
# i18n: Ready phrase of a lawyer; also a button.
PHRASE_SIGN = N_("Sign nothing without a lawyer")
# i18n: Ready phrase of a lawyer; also a button.
PHRASE_PAPER = N_("Which title and date has the paper?")
# i18n: Ready phrase of a lawyer; also a button. Office = police station, border post, migration police.
PHRASE_OFFICE = N_("Which office holds them?")
# i18n: Ready phrase of a lawyer; also a button. It can be sent in this chat.
PHRASE_PHOTO = N_("Please send a photo of the paper")
# i18n: Caption of the sealed file. reader = the name of the file with which lawyers read; command = the other way to
# open it; both stand as they are.
BUNDLE = N_("Case %(code)s, sealed to your key. Open it in %(reader)s, or so: %(command)s")
# i18n: Caption of a later zip of the same case, which has more of its files. command = as in BUNDLE.
BUNDLE_MORE = N_("Case %(code)s, more files: %(command)s")
# i18n: Under BUNDLE and BUNDLE_MORE, when a case has several zips. n = which, num = how many.
BUNDLE_PART = N_("Part %(n)s of %(num)s.")
# i18n: Caption of one file that the lawyer asked for. n = its number in the case, command = as in BUNDLE.
BUNDLE_FILE = N_("Case %(code)s, file %(n)s: %(command)s")
# i18n: To the lawyer who holds the case: the person has sent files; a line each follows.
FILES = N_("Case %(code)s, the person has sent:")
# i18n: One file, under FILES. n = its number in the case, what = one of the next texts.
FILE_LINE = N_("%(n)s · %(what)s")
# i18n: A file, in FILE_LINE. size = "1.2 MB".
FILE_PHOTO = N_("photo (%(size)s)")
# i18n: A file, in FILE_LINE: a PDF or another document. size = "1.2 MB".
FILE_PAPER = N_("document (%(size)s)")
# i18n: A file, in FILE_LINE. time = how long it is, minutes and seconds: "0:42".
FILE_VOICE = N_("voice message (%(time)s)")
# i18n: A file, in FILE_LINE: a round video message. time = how long it is, minutes and seconds.
FILE_ROUND = N_("video message (%(time)s)")
# i18n: A file, in FILE_LINE. time = how long it is, minutes and seconds; size = "1.2 MB".
FILE_VIDEO = N_("video (%(time)s, %(size)s)")
# i18n: A file of a kind that has no name here, in FILE_LINE. size = "1.2 MB".
FILE_OTHER = N_("file (%(size)s)")
# i18n: Under the files that fit. num = how many more there are. /cases is a command.
FILES_MORE = N_("… and %(num)s more: /cases")
# i18n: Button under FILES: this file alone is sent, sealed. n = its number in the case.
GET_FILE = N_("Get no. %(n)s")
# i18n: After GET_FILE, in the line that answers a press. n = the number of the file.
FILE_COMES = N_("File %(n)s is being sent, sealed to your key.")
# i18n: To the lawyer who holds the case: the person added something. /cases is a command.
MORE = N_("Case %(code)s: something was added. /cases gives the whole file.")
# i18n: To the lawyer who holds the case; what is new follows, a line each, then what the alert says. A command.
GRAVER = N_("URGENT. Case %(code)s: the situation has changed. Whole file: /cases")
# i18n: Over what is new, in GRAVER and UNSEEN.
GRAVER_NEW = N_("New:")
# i18n: Under GRAVER. "Seen" is the button. time = time of day, or day and time.
SEE_BY = N_(
    "Press “Seen” by %(time)s, or act. Otherwise whoever else can open the case is called, and the coordinators."
)
# i18n: Under GRAVER, when nobody pressed "Seen" in time. num = how many lawyers, count = how many coordinators.
SEEN_LATE = N_("Not seen in time. Called since %(time)s: other lawyers (%(num)s), coordinators (%(count)s).")
# i18n: Button under GRAVER: the lawyer has read what is new.
SEEN = N_("Seen")
# i18n: After SEEN, in the line that answers a press.
SEEN_NOTED = N_("Noted. Nobody else is called.")
# i18n: To another lawyer who can open the case; what is new follows. The case can be taken over with a button.
UNSEEN = N_("URGENT. Case %(code)s has become graver, and its lawyer has not seen it. You can take it over.")
# i18n: To the lawyer who had the case, after UNSEEN.
OVERTAKEN = N_("Case %(code)s: what is new was not seen in time, and another lawyer has taken the case over.")
# i18n: Same answer for a case that does not exist and one that the member may not see.
NO_CASE = N_("There is no such case for you to take.")
# i18n: After a button under a case that was erased days ago.
CASE_GONE = N_("Case %(code)s is not here any more.")
# i18n: /cases without any claim.
NO_CASES = N_("You hold no case.")
# i18n: A member typed something that is no command.
MEMBER_STRAY = N_("This text went nowhere. Members use the buttons and the commands in /help.")
# i18n: /help for lawyers.
MEMBER_HELP = N_(
    "/take CODE – take a case\n/pass CODE – cannot take it\n/cases – the sealed files of your cases\n"
    "/oncall – your duty\n/practice – a practice case\n/lostword – a word for when your phone is lost\n"
    "/help – this text"
)
# i18n: /lostword with nothing behind it: how a secret word is chosen. command stands as it is. "Any account": also of
# somebody whom the member asks to.
LOST_WORD_HOW = N_(
    "A lost word is for when your phone is lost or taken: typed to this bot from any account, it suspends you and"
    " removes from this chat what can be removed.\n\nTo choose one, send %(command)s and behind it three words or more"
    " that only you put together (or 12 characters with figures): not your name, nothing that people ask for here."
    " Learn it by heart. A lost word of before works for 7 days more."
)
# i18n: The chosen secret word is too short, or others would guess it. command stands as it is.
LOST_WORD_EASY = N_(
    "This was not kept: it is too short or too easy to guess. Send %(command)s and behind it three words or more, or 12"
    " characters with figures, without your name."
)
# i18n: The word was changed several times within a week, or too much was typed within an hour.
LOST_WORD_OFTEN = N_(
    "This was not kept: there were too many tries. The lost word of before, if any, works. Try again later."
)
# i18n: The secret word is chosen. num = how many words it has, count = how many characters: a typing error shows so.
LOST_WORD_KEPT = N_(
    "Your lost word is chosen: words %(num)s, characters %(count)s. If that is not right, choose again. Your message is"
    " being removed from this chat."
)
# i18n: Answer to /suspend.
NO_MEMBER = N_("There is no such member.")

# --- claims: notes for the next lawyer -------------------------------------------------------------------------------

# i18n: Button of a claim: a text that the next lawyer of this case reads in the opened case. The person never sees it.
NOTE = N_("Note for a colleague")
# i18n: After NOTE, of who has not typed the check word of this case. It stands inside the opened case.
NOTE_CHECK_FIRST = N_("Case %(code)s: first press “Write” and type the check word from inside the case.")
# i18n: After NOTE. What is typed next is shown once more before it is sealed into the case.
NOTE_WRITE = N_(
    "A note in case %(code)s, for the lawyer who has it after you. Type one message. It is sealed into the case, and"
    " the person never sees it."
)
# i18n: What was typed as a note, once more; the text follows on the next line.
NOTE_PREVIEW = N_("A note in case %(code)s, which the person never sees:")
# i18n: Button under NOTE_PREVIEW: seals it into the case.
NOTE_SAVE = N_("Save")
# i18n: The note stands in the sealed case now.
NOTE_SAVED = N_("Case %(code)s: the note is sealed into the case.")
# i18n: In place of NOTE_PREVIEW, when "Save" was not pressed for a quarter of an hour. The button NOTE stands below.
NOTE_UNSAVED = N_("%(code)s: the note is not saved. What you typed has left this chat after 15 minutes.")
# i18n: Under WRITE_TO, WRITE_READY or NOTE_WRITE: a note had been typed in this case when another text was begun.
NOTE_UNSAVED_BEFORE = N_("%(code)s: the note is not saved. What you typed before has left this chat.")
# i18n: A note that was too long. num = how many characters it may have.
NOTE_TOO_LONG = N_("Not kept: a note may have %(num)s characters.")
# i18n: The note was given up, or is not there any more.
NOTE_DROPPED = N_("No note is kept.")

# --- claims: passing, handing over, closing --------------------------------------------------------------------------

# i18n: Button after PASS: why. This lawyer then cannot open the case any more.
PASS_CONFLICT = N_("Conflict of interest")
# i18n: Button after "Pass": why.
PASS_LANGUAGE = N_("Not my language")
# i18n: Button after "Pass": why.
PASS_TIME = N_("No time")
# i18n: The lawyer told why they cannot take it.
PASS_NOTED = N_("Case %(code)s: noted, you are not called about it any more.")
# i18n: The lawyer has reached the limit of cases a day.
TAKE_MANY = N_("The case was not taken: you have taken many in the last 24 hours. The coordinators have been told.")
# i18n: Button of a claim: offer the case to another lawyer. Not to be confused with PASS.
HAND_OVER = N_("Hand over to a colleague")
# i18n: Button: close the case; asks how it ended.
CLOSE = N_("Close the case")
# i18n: Above buttons with lawyers' names; the mark ✓ stands before those who can open the case already.
HAND_OVER_TO = N_("Case %(code)s: to whom? ✓ can open it at once.")
# i18n: No other lawyer takes part.
HAND_OVER_NOBODY = N_("There is no other lawyer to hand it over to.")
# i18n: After HAND_OVER_TO, before it is offered. key = the fingerprint of their public key: four groups of five.
HAND_OVER_SURE = N_(
    "Case %(code)s goes to %(name)s. Key: %(key)s\n\nLet them read the fingerprint of their key to you, by voice or on"
    " paper. If it is another one, do not hand over, and tell a coordinator."
)
# i18n: Under HAND_OVER_SURE, of somebody who holds no key to the case yet. reader = the name of a file.
HAND_OVER_LATER = N_(
    "They cannot open it yet. When they accept, their public key comes here as a file; %(reader)s makes of it the file"
    " that you send here."
)
# i18n: Button under HAND_OVER_SURE. name = the lawyer, with a ✓ if they can open it at once.
HAND_OVER_YES = N_("The key is right: %(name)s")
# i18n: After HAND_OVER_YES.
OFFER_SENT = N_("Case %(code)s is offered. You hold it until it is accepted.")
# i18n: To the lawyer to whom a case is offered; the alert stands below.
OFFER = N_("A lawyer asks you to take this case over.")
# i18n: Button under OFFER.
ACCEPT = N_("Accept")
# i18n: Button under OFFER.
DECLINE = N_("Decline")
# i18n: After ACCEPT, to a lawyer who cannot open the case yet.
OFFER_WAITS = N_(
    "Case %(code)s: accepted. It becomes yours when its lawyer has sent a file for your key and you confirm that"
    " it opens."
)
# i18n: To the lawyer who offered a case.
OFFER_DECLINED = N_("Case %(code)s: the other lawyer cannot take it. You hold it.")
# i18n: To the lawyer who offered a case: the other one cannot open it yet. command = what to type on the terminal.
OFFER_SHARE = N_(
    "Case %(code)s: accepted. Key: %(key)s\n\nOn your own device, in %(reader)s or so: %(command)s\n\nThen send the new"
    " file here."
)
# i18n: To the lawyer who sent a file that the other one cannot open. command = what to type on the terminal.
OFFER_SHARE_AGAIN = N_(
    "Case %(code)s: the file did not open with the other lawyer's key. Key: %(key)s\n\nMake a new file on your own"
    " device, in %(reader)s or so: %(command)s\n\nThen send the new file here."
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
# i18n: Reminder to the lawyer who holds the case. when = "to 5 March, in 3 days", event = which deadline.
REMIND = N_("Case %(code)s. Deadline: %(when)s. %(event)s")
# i18n: Button under REMIND: the deadline is met.
CLOCK_DONE = N_("It is done")
# i18n: Button under REMIND: somebody else looks after this deadline.
CLOCK_NOT_MINE = N_("Another lawyer does it")
# i18n: After CLOCK_DONE or CLOCK_NOT_MINE.
CLOCK_SETTLED = N_("Noted. No more reminders of this deadline.")

# --- lists -----------------------------------------------------------------------------------------------------------

# i18n: First line of a lawyer's list when many urgent cases come at once.
LIST_URGENT = NP_("URGENT. %(num)d case is waiting", "URGENT. %(num)d cases are waiting")
# i18n: First line of a lawyer's daily list.
LIST_DIGEST = NP_("%(num)d case is waiting", "%(num)d cases are waiting")
# i18n: Button under a part of a list: shows the next part. num = how many more there are.
MORE_OF_LIST = N_("More: %(num)s")
# i18n: Button under the last part of a list: shows the first part.
FROM_THE_BEGINNING = N_("To the beginning")
# i18n: Line of a list or queue, or its title: people who pressed "urgent" and have answered nothing.
LIST_SILENT = NP_("%(num)d person who has answered nothing", "%(num)d people who have answered nothing")
# i18n: Button under LIST_SILENT.
LIST_SILENT_SHOW = N_("Show who has answered nothing")
# i18n: In place of a list when every case on it has been taken.
LIST_EMPTY = N_("No case on this list is waiting any more.")
# i18n: Last line of a list, above buttons with the codes of its cases.
LIST_TAKE = N_("To take a case, press its code:")

# --- duty ------------------------------------------------------------------------------------------------------------

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
# i18n: Button under a lawyer's /oncall: on duty from now on. Half a row: at most 14 letters.
DUTY_ON = N_("On duty now")
# i18n: Button under a lawyer's /oncall: not on duty from now on. Half a row: at most 14 letters.
DUTY_OFF = N_("Off duty")
# i18n: Button under a lawyer's /oncall: on duty when the rota says so. Half a row: at most 14 letters.
DUTY_BY_ROTA = N_("By the rota")
# i18n: Button under a lawyer's /oncall: asks which shift. Half a row: at most 14 letters.
DUTY_SWAP = N_("Give a shift")
# i18n: A time that was not understood.
ONCALL_BAD_TIME = N_("The time was not understood. Write it like this: %(example)s")
# i18n: Answer to /oncall until TIME. time = what the clock shows now: the time that was named is over.
ONCALL_OVER = N_("It is already %(time)s. Write a later time.")
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
# i18n: A request to take a shift or a case is too old, or was answered.
SWAP_OVER = N_("This request is over.")
# i18n: To both lawyers of a swap: the calendar has moved or removed the shift, or the other lawyer has left.
SHIFT_MOVED = N_("Shift %(shift)s has changed in the rota. What was agreed about it is over. Your duty: /oncall")
# i18n: Monthly test page.
REACH_TEST = N_("Test of the alarm. Please press the button: then we know that alerts reach you.")
# i18n: Button under REACH_TEST.
REACH_CONFIRM = N_("Confirm")
# i18n: After REACH_CONFIRM.
REACH_THANKS = N_("Confirmed. Thank you.")
# i18n: All that is said outside Telegram, by e-mail or push. No code, no place, nothing else.
OUTSIDE = N_("A case is waiting.")
# i18n: Also by e-mail or push, to who holds a case: something in it is new and urgent. Nothing else.
OUTSIDE_YOURS = N_("A case of yours needs you.")
# i18n: Also by e-mail or push, to everybody: the program itself needs somebody. Nothing about cases.
OUTSIDE_ATTENTION = N_("The service needs attention: look at its log.")
# i18n: Also by e-mail or push: somebody tries whether it arrives.
OUTSIDE_TEST = N_("A test: nothing has to be done.")

# --- the menu of a member's own chat ---------------------------------------------------------------------------------

# i18n: Menu entry /cases of a lawyer.
MENU_CASES = N_("My cases")
# i18n: Menu entry /oncall of a lawyer.
MENU_ONCALL = N_("My duty")

"""The texts for a person who asks for help.

Nothing alarming in the first line of a message that the bot sends on its own: whoever holds the phone may see it.
"""

from bot.speech.texts.marks import N_, NP_

# --- first contact ---------------------------------------------------------------------------------------------------

# i18n: The consent text, about 50 words, the whole of it is one message. "Continue" is the button CONTINUE.
CONSENT = N_(
    "This is Pana: free help from volunteer lawyers. We are not the state and promise no result.\n\n"
    "If you are held or taken away, a lawyer is called at once, day or night. Most questions may be skipped. Stop, and"
    " what is there is sent. What you type is removed. Telegram can read it: no names, units, secrets.\n\n"
    "“Urgent” and “Continue” let lawyers see answers. /delete erases all we have."
)
# i18n: Button, first on the consent screen: leads straight to the danger question.
URGENT = N_("Urgent: lawyer now")
# i18n: Button: go on with the questions; gives consent.
CONTINUE = N_("Continue")
# i18n: Button: leave without anything being stored.
LEAVE = N_("Leave")
# i18n: Answer to LEAVE.
LEFT = N_("All right. We have not saved anything. If you change your mind, send /start.")

# i18n: On the consent, after something was typed that is no answer. 70 characters. "urgent", "continue": the buttons.
CONSENT_HOW = N_("Not kept. Press a button, or type: urgent, or: continue.")
# i18n: On the consent, to "who are you". 60 characters.
CONSENT_WHO = N_("We are volunteer lawyers, not the police and not the state.")
# i18n: On the consent, to "is it free". 60 characters.
CONSENT_FREE = N_("It is free: the lawyers are volunteers.")
# i18n: On the consent, to "what happens with my data". 60 characters.
CONSENT_DATA = N_("Volunteer lawyers open the answers. /delete erases them.")

# --- the card --------------------------------------------------------------------------------------------------------

# i18n: First line of the card.
PROGRESS = N_("Question %(n)s of %(total)s")
# i18n: Button.
BACK = N_("Back")
# i18n: Button.
SKIP = N_("Skip")
# i18n: Button beside SKIP: leads to SEND_PLACE. Very short.
MY_PLACE = N_("My location")
# i18n: Button beside SKIP: leads to SEND_NUMBER. Very short.
MY_NUMBER = N_("My number")
# i18n: Telegram's own button, in place of the phone's keyboard: sends where the phone is.
SEND_PLACE = N_("Send where I am")
# i18n: Telegram's own button, in place of the phone's keyboard: sends the account's phone number.
SEND_NUMBER = N_("Send my number")
# i18n: The message with SEND_PLACE; it goes by itself.
PLACE_BELOW = N_("The button below saves for the lawyer where this phone is.")
# i18n: The message with SEND_NUMBER; it goes by itself.
NUMBER_BELOW = N_("The button below saves the number of this phone for the lawyer.")
# i18n: Button under a question where several answers may be ticked.
DONE = N_("Done")
# i18n: Button under a date question.
DO_NOT_KNOW = N_("I don't know")
# i18n: Button under a date question.
TODAY = N_("Today")
# i18n: Button under a date question.
YESTERDAY = N_("Yesterday")
# i18n: Buttons under a date question of which the law counts the hours: night is 0 to 6 (said in figures, for people
# count the hours before midnight to it), morning 6 to 12, day 12 to 18. Short: two stand side by side.
TODAY_NIGHT, TODAY_MORNING = N_("Today, at night"), N_("Today, in the morning")
TODAY_DAY, TODAY_EVENING = N_("Today, in the day"), N_("Today, in the evening")
YESTERDAY_MORNING, YESTERDAY_DAY = N_("Yesterday morning"), N_("Yesterday, in the day")
YESTERDAY_EVENING = N_("Yesterday evening")
# i18n: Button under a date question about a day to come.
TOMORROW = N_("Tomorrow")
# i18n: Button under a list of answers that does not fit the screen: leads to the others. num = how many. Short.
MORE_ANSWERS = N_("More answers: %(num)d")
# i18n: Button in place of MORE_ANSWERS on the last page of the list.
FIRST_ANSWERS = N_("First answers")
# i18n: Button under the list of papers: shows what stands at the top of each sheet. Short.
HOW_IT_LOOKS = N_("How does it look?")
# i18n: Button under what stands at the top of each sheet: the next papers. Short.
MORE_TITLES = N_("More papers")
# i18n: Button under what stands at the top of each sheet: back to the list of papers. Short.
ONLY_ANSWERS = N_("Only the answers")
# i18n: Button, last row of every card: removes every message from the chat.
HIDE_CHAT = N_("Hide chat")
# i18n: On the card of a text question. It goes from the chat once it is saved.
WRITE_HERE = N_("Write or say it here; it goes from the chat.")
# i18n: On the card of a question about a paper. One line: a photo of it may be sent, and stays on the phone.
PHOTO_HERE = N_("A photo or a PDF can be sent; then delete it from the phone's gallery.")
# i18n: On the card of a date question. example = today's date, dd.mm.yyyy.
DATE_HINT = N_("For example %(example)s. Month and year are enough.")
# i18n: On the next card, after a date was typed. date = the date in words, or its earliest and latest day.
DATE_READ = N_("Understood: %(date)s. If this is wrong, press “Back”.")
# i18n: On the card of a question with several possible answers.
SEVERAL_HINT = N_("Several are possible.")
# i18n: On the card after typed text was sealed and deleted from the chat.
SAVED = N_("Saved; removed from the chat on purpose.")
# i18n: First line of the card from the moment the alert is queued; short. code = case code such as K7Q4-F2MX.
CALLING = N_("A lawyer is being called · %(code)s")
# i18n: In place of CALLING once the person has been silent: without the code.
CALLING_BARE = N_("A lawyer is being called")
# i18n: Button for two minutes after CALLING, and on the summary: nobody is called any more, once it is confirmed.
WITHDRAW = N_("Cancel the call for a lawyer")
# i18n: Asked once after WITHDRAW.
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
# i18n: On the card: what was typed may mean one of two or three answers; they stand below as buttons.
DID_YOU_MEAN = N_("Did you mean this?")
# i18n: Above DID_YOU_MEAN, while there is no case yet: the answer that is pressed is kept, not the sentence as typed.
# i18n: The same on the next card when it was read as "wait", "skip" or the like.
WORDS_NOT_KEPT = N_("The text was not kept.")
# i18n: On the question where somebody is, asked because they wrote "urgent" in a sentence; its answers stand below.
CHOOSE_BELOW = N_("Choose below: the text was not kept.")
# i18n: On the next card, while there is no case yet: of a sentence that named one answer only this is kept. What is
# i18n: written later is.
REST_NOT_KEPT = N_("Of your text only the answer was kept. You can write the rest later.")
# i18n: On the card after "wait", "one moment".
NO_HURRY = N_("Take your time. The question stays here.")
# i18n: On the card after "do not call anybody", when nobody is being called.
NOBODY_IS_CALLED = N_("No lawyer is being called now.")
# i18n: In its place, when lawyers have the request already. Nothing but /delete takes it back.
CALL_STAYS = N_("Lawyers have the request already. Only deleting everything takes it back: /delete")
# i18n: On the card when somebody asked for urgent help and has not chosen an answer yet.
URGENT_HINT = N_("A lawyer is called in one minute even without an answer.")

# --- what did not fit ------------------------------------------------------------------------------------------------

# i18n: A typed answer that fits no option. Nothing typed was kept.
NO_OPTION = N_("This fits none of the answers, so it was not kept. Press a button or type its number.")
# i18n: As NO_OPTION, for what can be neither answer nor date, such as the place of a phone.
NOT_KEPT = N_("This is no answer to the question above, so it was not kept.")
# i18n: Several answers were typed, of which one ("nothing", "I don't know") excludes the others.
NOT_TOGETHER = N_("These answers exclude each other, so they were not kept. Choose again.")
# i18n: A typed date that was not understood. example = today's date.
NO_DATE = N_("Not kept: we could not read the date. Write it like this: %(example)s. Or press “I don't know”.")
# i18n: "Within ten days" was typed where a last day is asked for. example = today's date.
TERM = N_("Not kept: this is how long, not until when. Please write the last day, like %(example)s.")
# i18n: A date in the future where only a past one makes sense.
FUTURE = N_("Not kept: this date has not come yet. Please check it.")
# i18n: In place of NO_OPTION or NOT_KEPT once there is a case: typed text went to the lawyer. Under the question.
KEPT = N_("Saved for the lawyer. The question above is still open.")
# i18n: In place of NOT_TOGETHER once there is a case.
KEPT_NOT_TOGETHER = N_("These answers exclude each other: saved for the lawyer as typed. Please choose again.")
# i18n: In place of NO_DATE once there is a case. example = today's date.
KEPT_NO_DATE = N_("Saved for the lawyer. No date was found in it; a date looks like this: %(example)s.")
# i18n: In place of TERM once there is a case. example = today's date.
KEPT_TERM = N_("Saved for the lawyer. As an answer, please write the last day, like %(example)s.")
# i18n: In place of FUTURE once there is a case.
KEPT_FUTURE = N_("Saved for the lawyer. As an answer this date has not come yet: please check it.")
# i18n: A text was sent before the question that is open now was shown. Once there is a case, and before.
KEPT_EARLIER = N_("Sent before this question was shown: saved for the lawyer, and no answer here.")
EARLIER = N_("Sent before this question was shown, so it was not kept. Please answer it now.")
# i18n: The same text came twice within seconds, as on a bad line.
CAME_TWICE = N_("This came twice and counts once. If it answers this too, send it again later.")
# i18n: Another answer has made a question pointless to which something was written.
TEXT_STAYS = N_("Its question no longer applies, but what you wrote earlier stays readable for the lawyer.")
# i18n: A question is asked again that had become pointless; its text need not be written anew.
TEXT_COUNTS = N_("What you wrote earlier counts again.")
# i18n: An empty text.
EMPTY = N_("There was no text in the message. Please write it again.")
# i18n: Done was pressed and nothing is ticked. "Done" is the button DONE.
NOTHING_TICKED = N_("Choose at least one answer, then press “Done”.")
# i18n: Typed at the summary, fits nothing there.
NOT_ASKED = N_("This was not kept: no question is open. Press a button below.")
# i18n: A sticker, a poll or anything else that is neither text nor a file that is taken. Nothing of it was kept.
ONLY_TEXT = N_("Not taken. Send text, a photo, a PDF or a voice message.")
# i18n: A file that is no photo, no PDF and nothing spoken. Its caption is kept like text, which is said beside this.
NO_FILES = N_("Such files are not taken: send a photo or a PDF.")
# i18n: A film. Its caption is kept like typed text, which is said beside this.
NO_VIDEO = N_("Videos are not taken: send a photo or a voice message.")
# i18n: A photo, PDF or voice message that is larger than a bot may fetch.
TOO_LARGE = N_("Not taken: it is larger than 20 MB. Send a photo, or write it.")
# i18n: A photo, PDF or voice message, when there are very many of them already.
FULL = N_("Not taken: there are very many files already. Please write it.")
# i18n: A photo, PDF or voice message before there is a case, at a question that does not ask for one.
NOT_YET = N_("Not kept: photos and voice come a few questions later. Please answer this one first.")
# i18n: On the card: a photo, PDF or voice message was received, and is not yet in the case. As long as FILES_SAVED, so
# that no button moves under a finger when it is saved.
FILE_COMES = N_("Received, it is being saved; then it goes from the chat.")
# i18n: On the card: photos, PDFs and voice messages are in the case, and gone from the chat. num = how many.
FILES_SAVED = NP_(
    "%(num)d file is saved; removed from the chat on purpose.",
    "%(num)d files are saved; removed from the chat on purpose.",
)
# i18n: On the card: such files could not be fetched, and are gone from the chat. num = how many.
FILES_LOST = NP_(
    "%(num)d file could not be saved: send it again, or write it.",
    "%(num)d files could not be saved: send them again, or write it.",
)
# i18n: The same: they were larger than a bot may fetch.
FILES_LARGE = NP_(
    "%(num)d file larger than 20 MB was not saved: send a photo.",
    "%(num)d files larger than 20 MB were not saved: send photos.",
)
# i18n: The person has edited a text that is sealed already; the newer one is sealed beside it.
CORRECTED = N_("The correction is saved for the lawyer; removed from the chat on purpose.")
# i18n: The person has edited an answer that is not the newest one. "Back" is the button BACK.
NOT_CORRECTED = N_("The correction was not kept: this question is answered. “Back” leads to earlier ones.")
# i18n: A press on a button of an older card.
MOVED_ON = N_("This question has moved on. Here is the current one.")
# i18n: The open questionnaire was damaged on the server and is gone. Neutral: may show on a locked screen.
LOST = N_("Something went wrong here: earlier answers cannot be opened any more. Please begin again.")
# i18n: Text in place of an answer on a question that must not be skipped.
NOT_SKIPPABLE = N_("This question cannot be skipped. Please choose the nearest answer.")

# --- summary and sending ---------------------------------------------------------------------------------------------

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
# i18n: In the summary, in place of what was said in a photo, a PDF or a voice message.
FILED_MARK = NP_("saved, %(num)d file", "saved, %(num)d files")
# i18n: Button: sends the finished answers.
SEND = N_("Send to the lawyer")
# i18n: After sending. code = case code such as K7Q4-F2MX.
SENT = N_("The answers are sent. Write this code on paper, or remember it: %(code)s")
# i18n: In place of SENT where there is little room; the first line.
SENT_SHORT = N_("Sent · %(code)s")
# i18n: In place of SENT once the person has been silent: without the code, which /status shows again.
SENT_BARE = N_("The answers are sent. /status shows your code.")

# i18n: What an official page says, in translation. source = its site, day = when it was read there.
QUOTED = N_("“%(text)s” (%(source)s, read on %(day)s)")

# --- the true state --------------------------------------------------------------------------------------------------

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
# i18n: Under a state in which nothing rings now. The button is CHANGED.
STATUS_WORSE = N_("If it gets worse, press “My situation has changed”.")
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
ADD_HINT = N_("Text, photos and voice are sealed for the lawyer and go from the chat.")
# i18n: After something was written while no question is open.
ADDED = N_("Saved for the lawyer; removed from the chat on purpose.")
# i18n: Notification in the person's chat. Neutral: may show on a locked screen.
NEW_MESSAGE = N_("There is a new message")
# i18n: Button: shows what the lawyer wrote.
SHOW = N_("Show")
# i18n: On the person's card, also while a question is open: there nothing can be written to the lawyer.
MISSED = N_("A message was not opened in a day and is gone.")
# i18n: After MISSED, while a lawyer has the case.
MISSED_ASK = N_("Ask the lawyer to send it again.")
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
# i18n: On the card of questions that were not sent for long. time = date and time of day.
ENDS = N_("Not sent yet. Without a sign from you the answers are deleted: %(time)s.")
# i18n: In place of a card that has stood for almost two days; "Show" brings it back. Neutral: says nothing.
RESTS = N_("To go on, press “Show”.")

# --- hiding and erasing ----------------------------------------------------------------------------------------------

# i18n: In a window over the chat after "Hide chat". Everything in the chat is gone. code = a case code, or two.
HIDDEN = N_("The chat is cleared. What was sent stays. To come back, type here: %(code)s")
# i18n: In place of HIDDEN after the call was withdrawn: nobody gets the answers. time = date and time of day.
HIDDEN_UNSENT = N_(
    "The chat is cleared. Without a sign from you the answers are deleted: %(time)s. To come back, type here: %(code)s"
)
# i18n: In place of HIDDEN where the answers went to an earlier request, which is out of sight. Its code is not shown.
HIDDEN_JOINED = N_("The chat is cleared. Your answers are with your earlier request. To come back, type here its code.")
# i18n: On the card, after the code of an earlier request was typed: the one that stood there before. code = its code.
OTHER_HIDDEN = N_("Your other request is hidden. To come back to it, type here: %(code)s")
# i18n: On the card of a request, after its own code was typed.
THIS_CODE = N_("This is the request with this code.")
# i18n: On the card of a request, after a code was typed or tapped: nobody's, somebody else's, or of one that is over.
NO_SUCH_CODE = N_("This account has no open request with this code. Check the code.")
# i18n: On the card of a request: an earlier one was closed by mistake, and its lawyer has it again. code = its code.
OPEN_AGAIN = N_("Work on your earlier request goes on. To see it, type here: %(code)s")
# i18n: After HIDDEN, when some messages are older than two days: they have lost their text. 200 characters in all.
LEFT_OVER = NP_(
    "%(num)d message stays, without its text. Delete the chat yourself.",
    "%(num)d messages stay, without their text. Delete the chat yourself.",
)
# i18n: Asked once after /delete, also in a hidden chat, where it must say the same as to somebody new. Must stay true:
# i18n: a copy that a lawyer has downloaded remains; an urgent case that a lawyer has stays on the server for 24 hours.
DELETE_CONFIRM = N_(
    "Delete everything? Your answers and messages are destroyed here at once; those of an urgent case that a lawyer has"
    " taken, 24 hours later. A copy that a lawyer has already downloaded remains with the lawyer, who is asked to"
    " delete it. This cannot be undone."
)
# i18n: The same where a lawyer has taken the urgent case in this chat. It quotes the button DELETE_LAWYER_TOO.
DELETE_CONFIRM_LAWYER = N_(
    "Delete everything? Here it is gone at once, and the lawyer cannot write to you any more. For 24 hours the lawyer"
    " can still open your answers; “Also from the lawyer now” ends that. A copy that the lawyer has already"
    " downloaded remains; we ask them to delete it. This cannot be undone."
)
# i18n: Button under DELETE_CONFIRM_LAWYER.
DELETE_LAWYER_TOO = N_("Also from the lawyer now")
# i18n: Button: confirms /delete.
DELETE_YES = N_("Delete everything")
# i18n: Under DELETE_CONFIRM, once the words that asked for it were typed again: they may have come twice by themselves.
DELETE_HOW = N_("To delete, press the button below or type “yes”.")
# i18n: After DELETE_YES or DELETE_LAWYER_TOO. It stays on the phone: no lawyer. "As was said": in DELETE_CONFIRM.
DELETE_DONE = N_("Done. We have deleted your data, as was said. Delete this chat in Telegram too.")
# i18n: /help for a person who asks for help.
HELP = N_(
    "/start – where we stopped\n/back – previous question\n/skip – skip the question\n"
    "/status – what is happening with my request\n/language – change the language\n"
    "/clear – hide this chat\n/delete – delete everything\n/help – this text"
)
# i18n: Title over the language buttons in the middle of the questions.
CHOOSE_LANGUAGE = N_("Choose a language")

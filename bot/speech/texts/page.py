"""The page of an opened case, which a lawyer reads on their own device."""

from bot.speech.texts.marks import N_

# i18n: First line. level = "urgent", state = "sent".
TITLE = N_("Case %(code)s: %(level)s, %(state)s")
# i18n: First line in place of TITLE, where the key of whoever reads does not fit, or only keys are in the file.
NOT_OPEN = N_("Case %(code)s: nothing of it can be read with this key")
# i18n: Level of a case, after its code.
CRITICAL = N_("urgent")
# i18n: Level of a case, after its code.
HIGH = N_("important")
# i18n: Level of a case, after its code.
NORMAL = N_("no urgency named")
# i18n: State of the answers: the person has sent them.
COMPLETE = N_("the answers were sent")
# i18n: State of the answers: the person has not sent them yet.
UNFINISHED = N_("the answers are not finished")
# i18n: Under TITLE: how old the file is that was opened. date = when it was made, count = how much is in it.
AS_OF = N_("As of %(date)s, entries: %(count)s")
# i18n: Something is wrong with the file. what = one of the sentences about it.
PROBLEM = N_("PROBLEM: %(what)s")
# i18n: Above what the level rests on, a line each.
WHY = N_("Why it is urgent:")
# i18n: The same for a case of level normal.
WHY_CALM = N_("What was found:")
# i18n: Above the deadlines.
DEADLINES = N_("Deadlines, seen from %(date)s:")
# i18n: Part of a deadline. what = "10 days".
PERIOD = N_("period: %(what)s")
# i18n: Part of a deadline: who has to act. what = "person", "state".
SIDE = N_("whose: %(what)s")
# i18n: Part of a deadline: where to file. what = "administrative court".
FILE_AT = N_("to: %(what)s")
# i18n: Part of a deadline: does filing suspend the removal. what = "yes (CPC 591(4))".
SUSPENDS = N_("filing suspends: %(what)s")
# i18n: Part of a deadline: the articles of the law. what = "Criminal Code 51(1)".
BASIS = N_("basis: %(what)s")
# i18n: How certain the basis of a deadline is.
READ_NEW = N_("read in a text of 2024 or later")
# i18n: How certain the basis of a deadline is.
READ_OLD = N_("read in an older text, to be checked")
# i18n: How certain the basis of a deadline is.
SECONDARY = N_("from a secondary source, to be checked")
# i18n: How certain the basis of a deadline is.
FROM_MEMORY = N_("from memory or our own reading, to be checked")
# i18n: Above reminders for the lawyer.
REMINDERS = N_("Reminders for the lawyer:")
# i18n: Above the names of who can open this case.
READERS = N_("Who can open this case:")
# i18n: Who can open this case. key = fingerprint of a key.
READER = N_("%(name)s, key %(key)s")
# i18n: What the lawyer types in the bot to show that the case was opened.
CHECK_WORD = N_("Check word: %(word)s")
# i18n: An answer that was skipped.
SKIPPED = N_("no answer")
# i18n: Above a text that a newer one has replaced. question = the question that it answered.
REPLACED = N_("Said earlier, written anew since: %(question)s")
# i18n: Above a text whose question is not asked any more. question = the question that it answered.
NOT_ASKED = N_("Said earlier, the question no longer applies: %(question)s")
# i18n: Near the head of a case: of which zone its times are. zone = "UTC+05:00".
TIMES = N_("Times: %(zone)s")
# i18n: Above a message. time = when it was sent.
FROM_PERSON = N_("From the person, %(time)s")
# i18n: Above a message that takes the place of an earlier one. time = when it was sent.
FROM_PERSON_CORRECTED = N_("From the person, a correction, %(time)s")
# i18n: Above a message. time = when it was sent.
FROM_LAWYER = N_("From a lawyer, %(time)s")
# i18n: Heading over what lawyers have noted for whoever has the case after them.
FOR_COLLEAGUES = N_("Notes of lawyers for the next one, which the person never sees")
# i18n: Above a note. name = the lawyer, time = when it was written.
NOTE_OF = N_("%(name)s, %(time)s")
# i18n: A file of the person. n = its number, what = "photo (1.2 MB)", time = when it was received.
FILE = N_("File %(n)s: %(what)s, received %(time)s")
# i18n: Under FILE. question = the question that it answers.
FILE_ANSWERS = N_("answers: %(question)s")
# i18n: Under FILE. name = under which name the person has sent it.
FILE_NAME = N_("sent under the name %(name)s")
# i18n: Under FILE. what = the type by its bytes, "image/jpeg".
FILE_TYPE = N_("type: %(what)s")
# i18n: Under FILE, where its type is another one. what = "application/pdf".
FILE_SENT_AS = N_("sent as %(what)s")
# i18n: Under FILE: a large case comes in several zips.
FILE_APART = N_("It lies in another zip of this case.")
# i18n: Under FILE. path = where it stands on the lawyer's device now.
FILE_WRITTEN = N_("written to %(path)s")
# i18n: Under FILE. what = some of the next three texts.
FILE_SAYS = N_("The file itself says (anybody can change this): %(what)s")
# i18n: Part of FILE_SAYS. time = when the photo was taken.
FILE_TAKEN = N_("taken %(time)s")
# i18n: Part of FILE_SAYS. what = "Apple iPhone 12".
FILE_CAMERA = N_("camera %(what)s")
# i18n: Part of FILE_SAYS. place = coordinates.
FILE_PLACE = N_("place %(place)s")

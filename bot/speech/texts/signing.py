"""The texts of the pages for those who sign: native readers and advocates (bot/signing_page.py)."""

from bot.speech.texts.marks import N_, NP_

# --- the page --------------------------------------------------------------------------------------------------------

# i18n: Title of a printed page. language = a language's name.
FOR_READER = N_("For a native reader: the texts in the language %(language)s")
# i18n: Title of a printed page. language = a language's name.
FOR_ADVOCATE = N_("For an advocate: what the program takes for the law, in the language %(language)s")
# i18n: Under the title. program = the bot's name, day = when the page was made.
MADE = N_("%(program)s, page of %(day)s. Texts: %(all)d, of them not signed: %(open)d.")
# i18n: What a native reader is asked to do.
READER_HOW = N_(
    "Please read each text as somebody reads it who is afraid, on a small phone, perhaps at night. Is it natural,"
    " clear, polite and calm? Does it say the same as the text beside it? Tick what is good as it stands. Where it"
    " is not, leave the box empty and write the better words beside it."
)
# i18n: What an advocate is asked to do.
ADVOCATE_HOW = N_(
    "Please compare each item with the law in force: the sentence, the term and the day from which it runs, the"
    " source, and when the program shows it. Tick what is right as it stands. Where it is not, leave the box empty"
    " and write what the law says, with the article."
)
# i18n: For an advocate.
ADVOCATE_WHY = N_(
    "Advice reaches people only once it is signed, and only in the language in which it was signed; what is marked"
    " as a quotation reaches them already. Deadlines, reasons and reminders are for lawyers alone, who see which of"
    " them no advocate has confirmed yet."
)
# i18n: Of the code beside each text, such as 3f9a1c2e.
CODE_HOW = N_(
    "The code beside each text belongs to these very words. When a text changes its code changes, and a signature"
    " for the old words no longer counts."
)
# i18n: How the signature is recorded. The names of those who sign are public.
SIGN_HOW = N_(
    "Your signature is recorded as a role with initials, or under a name that you choose; the record is public."
    " Give the page back to whoever runs the bot, or record it with this command, with the ticked codes at its end:"
)
# i18n: Heading over the lines to fill in by hand.
SIGNING = N_("Signature")
# i18n: Line to fill in by hand.
SIGNED_BY = N_("Role and initials, or a chosen name:")
# i18n: Line to fill in by hand.
SIGNED_ON = N_("Read on:")
# i18n: Line to fill in by hand.
BY_HAND = N_("By hand:")
# i18n: On the page of an advocate: what the letters mean that stand for certainty.
CERTAINTY_HOW = N_(
    "Certainty: %(now)s = read in an official text of 2024 or later; %(old)s = read in an official text of an"
    " earlier edition, to be checked; %(second)s = from a secondary source; %(memory)s = from memory. Whoever wrote"
    " this is no licensed advocate."
)

# --- sections --------------------------------------------------------------------------------------------------------

# i18n: Heading of a section.
GRAVE = N_("First of all: consent, and the questions about danger")
# i18n: Heading of a section.
QUESTIONS = N_("The other questions")
# i18n: Heading of a section.
FOR_PEOPLE = N_("What people read who ask for help")
# i18n: Heading of a section.
FOR_LAWYERS = N_("What lawyers read")
# i18n: Heading of a section.
FOR_COORDINATORS = N_("What coordinators read")
# i18n: Heading of a section.
ADVICE = N_("Advice for people in the next hour")
# i18n: Heading of a section.
CLOCKS = N_("Deadlines")
# i18n: Heading of a section.
RULES = N_("Why a case is urgent")
# i18n: Heading of a section.
CARDS = N_("Reminders for lawyers")

# i18n: Beside a question: the form for whoever writes for oneself. Very short.
ABOUT_ONESELF = N_("for oneself")
# i18n: Beside a question: the form for whoever writes for somebody else. Very short.
ABOUT_ANOTHER = N_("for another")
# i18n: Beside a question: the form before it is told for whom. Very short.
ABOUT_ANYBODY = N_("for either")
# i18n: Beside the line under a question. Very short.
HINT = N_("below it")

# --- how a text stands -----------------------------------------------------------------------------------------------

# i18n: Beside a text.
NOT_SIGNED = N_("not signed")
# i18n: Beside a text. by = a name, day = a date.
SIGNED = N_("signed: %(by)s, %(day)s")
# i18n: Beside a text that is another one since. by = a name, day = a date.
CHANGED = N_("changed since it was signed: %(by)s, %(day)s")
# i18n: Beside a text of an official page.
QUOTATION = N_("a quotation: people read it already; compare it with the source")

# --- what a file says of a text --------------------------------------------------------------------------------------

# i18n: Name of a line.
WHEN = N_("It counts when")
# i18n: Name of a line.
LEVEL = N_("Level")
# i18n: Name of a line.
SOURCE = N_("Source")
# i18n: Name of a line: on which day the source was read.
READ_ON = N_("Source read on")
# i18n: Name of a line: the answers with the day from which a term runs.
START = N_("It runs from the earliest of")
# i18n: Name of a line: the answers with the last day.
END = N_("Its last day is the earliest of")
# i18n: Name of a line: a term in hours, one for each case that the law knows.
HOURS = N_("Term in hours")
# i18n: Name of a line: a term in days as it is computed.
DAYS = N_("Computed in days")
# i18n: Name of a line: a term in months as it is computed.
MONTHS = N_("Computed in months")
# i18n: Name of a line: from when a deadline makes a case more urgent.
PAGES = N_("It makes a case more urgent")
# i18n: Name of a line: how many days before the end a lawyer is reminded.
REMIND = N_("A lawyer is reminded, days before its end")
# i18n: Name of a line: a term in words.
PERIOD = N_("Term")
# i18n: Name of a line: who has to act.
SIDE = N_("Who must act")
# i18n: Name of a line: where a paper is filed.
FILE_AT = N_("Where to file")
# i18n: Name of a line: whether filing suspends.
SUSPENDS = N_("Does filing suspend")
# i18n: Name of a line: the article of the law.
BASIS = N_("Basis")
# i18n: Name of a line: the words of the law.
LAWS_WORDS = N_("Words of the law")
# i18n: Name of a line: which edition of the law was read.
EDITION = N_("Edition that was read")
# i18n: Name of a line: how certain it is, a letter.
CERTAINTY = N_("Certainty")
# i18n: Who must act.
SIDE_PERSON = N_("the person")
# i18n: Who must act.
SIDE_STATE = N_("the state")
# i18n: Who must act.
SIDE_HOST = N_("whoever takes the person in")
# i18n: Level of a case, the gravest.
LEVEL_CRITICAL = N_("critical: lawyers are rung at once")
# i18n: Level of a case.
LEVEL_HIGH = N_("high: lawyers are told at once, at night without a sound")
# i18n: Level of a case.
LEVEL_NORMAL = N_("normal: once a day, in a list")
# i18n: From when a deadline makes a case more urgent: days after its start.
PAGE_FROM_START = NP_("from %(num)d day after its start", "from %(num)d days after its start")
# i18n: From when a deadline makes a case more urgent.
PAGE_AT_START = N_("from its first day")
# i18n: From when a deadline makes a case more urgent: days before its end.
PAGE_BEFORE_END = NP_("from %(num)d day before its end", "from %(num)d days before its end")
# i18n: From when a deadline makes a case more urgent.
PAGE_AT_END = N_("from its last day")
# i18n: Until when a deadline makes a case more urgent: days after its end.
PAGE_UNTIL = NP_("until %(num)d day after its end", "until %(num)d days after its end")

# --- conditions ------------------------------------------------------------------------------------------------------

# i18n: Of a condition; a list follows.
ALL_OF = N_("all of this:")
# i18n: Of a condition; a list follows.
ANY_OF = N_("at least one of this:")
# i18n: Of a condition; what follows does not hold.
NONE_OF = N_("not:")
# i18n: Of a condition.
ALWAYS = N_("always")
# i18n: Of a condition. answers = a list of answers, each in quotes.
ANSWERED_WITH = N_("answer: %(answers)s")
# i18n: Of a condition: a question has any answer.
IS_ANSWERED = N_("has an answer")
# i18n: Of a condition: a question was asked and left open.
IS_SKIPPED = N_("was asked, and has no answer")
# i18n: Of a condition: the day answered.
DAYS_AGO = NP_("at most %(num)d day ago", "at most %(num)d days ago")
# i18n: Of a condition: the day answered.
DAYS_AHEAD = NP_("at most %(num)d day ahead, or past", "at most %(num)d days ahead, or past")
# i18n: Of a condition. level = a level of urgency.
A_CLOCK_AT = N_("a deadline stands today at this level: %(level)s")
# i18n: Between two answers of a list.
OR = N_("or")
# i18n: Around an answer.
IN_QUOTES = N_("“%(text)s”")

"""What everybody may read, whoever they are."""

from bot.speech.texts.marks import N_

# --- anywhere --------------------------------------------------------------------------------------------------------

# i18n: An update could not be handled. Neutral: may show on a locked screen.
AGAIN = N_("We could not read the last message. Please send it again.")
# i18n: Button: does not delete.
CANCEL = N_("Cancel")

# i18n: How large something is. size = "1.2".
MEGABYTES = N_("%(size)s MB")
# i18n: How large something small is. size = "40".
KILOBYTES = N_("%(size)s KB")

# --- the menu of the bot: harmless words only ------------------------------------------------------------------------

# i18n: Menu entry /start. Neutral: the menu is seen by whoever holds the phone.
MENU_START = N_("Start")
# i18n: Menu entry /help. Neutral.
MENU_HELP = N_("Help")
# i18n: Menu entry /language. Neutral.
MENU_LANGUAGE = N_("Language")
# i18n: Menu entry /clear. Neutral.
MENU_CLEAR = N_("Clear the chat")

# --- the public face of the bot: harmless words only -----------------------------------------------------------------

# i18n: What an empty chat and the profile of the bot say. Neutral. "Start" is Telegram's own button there.
FACE = N_("Press “Start”.")

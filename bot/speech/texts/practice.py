"""The texts of the practice case: whatever says something of it says that it is one."""

from bot.speech.texts.marks import N_

# i18n: Button: begins the practice case.
PRACTICE = N_("Practice case")
# i18n: First line of every card of a practice case. code = its code.
HEAD = N_("PRACTICE · %(code)s. Nobody is in need.")
# i18n: Under HEAD, before it is taken. what = an answer such as "I am held". The button: Take it.
WAITS = N_("An alert looks like this; nobody else gets it. Known so far: %(what)s. Please take the case.")
# i18n: Under HEAD: what happened just now.
IS_TAKEN = N_("You have taken it. Its sealed file comes now.")
# i18n: Under HEAD: what happened just now.
IS_OPENED = N_("The check word is right: you have opened the case.")
# i18n: Under HEAD: what happened just now. text = the answer of somebody who is played by the bot.
IS_ANSWERED = N_("Sent. The played person answers: “%(text)s”")
# i18n: Under HEAD: what happened just now.
IS_ADDED = N_("Sent, and something was added. Answers are shown to whoever has typed the check word.")
# i18n: Under HEAD: what happened just now.
IS_HANDED = N_("The played colleague has accepted it, and now hands it back to you.")
# i18n: Under HEAD: what happened just now. The button: Take it.
IS_RETURNED = N_("It waits again. In a true case others are called now. Take it once more to close it.")
# i18n: What the played person answers.
PLAYED_ANSWER = N_("Thank you, I have read it.")
# i18n: In the sealed file, as the person's own message.
PLAYED_STORY = N_("PRACTICE. This is a played message, and nobody is in need.")
# i18n: A step, after ✓ or –.
STEP_TAKEN = N_("taken")
# i18n: A step, after ✓ or –.
STEP_OPENED = N_("opened, check word typed")
# i18n: A step, after ✓ or –.
STEP_WROTE = N_("message sent")
# i18n: A step, after ✓ or –.
STEP_HANDED = N_("handed over or returned")
# i18n: A step, after ✓ or –.
STEP_CLOSED = N_("closed")
# i18n: What comes next. file = a file's name.
NEXT_OPENED = N_("Next: open %(file)s with your key, and type the check word from it here.")
# i18n: What comes next. button = a button's label.
NEXT = N_("Next: “%(button)s”.")
# i18n: After "Write". The ready phrases stand on the buttons.
WRITE_WHICH = N_("Which ready message? One that asks comes after the check word.")
# i18n: After "Hand over".
TO_WHOM = N_("To whom?")
# i18n: Button: a colleague who is played by the bot.
COLLEAGUE = N_("Played colleague")
# i18n: After "Close".
HOW_ENDED = N_("How did it end?")
# i18n: Caption of the sealed file. file, command = what opens it.
CAPTION = N_("PRACTICE. Case %(code)s, sealed to your key. Open it on your own device: in %(file)s or by %(command)s")
# i18n: At the end; the steps follow, a line each.
OVER = N_("The practice is over, its case is erased here. Please delete the file too.")
# i18n: Under OVER, when the check word was typed.
OVER_COUNTS = N_("From now on you count as cover while you are on duty.")
# i18n: Under OVER, when the check word was not typed.
OVER_AGAIN = N_("Without the check word it does not count yet. Please begin once more.")
# i18n: Answer to a button of a practice case that is over.
NOT_OPEN = N_("No practice case is open.")
# i18n: Under WELCOME, to a lawyer.
WELCOME_PRACTICE = N_("Last comes a practice case of a few steps. Until it is done you do not count as cover.")
# i18n: Under what comes for an invited lawyer (JOIN_STEPS).
JOIN_PRACTICE = N_("4. A practice case here, once you are in.")

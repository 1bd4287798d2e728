"""The messages beside a field. Each says what to do, in the person's language."""

from feedback_app.questions.asked import N_, NN_

PICK_ONE = N_("Pick one answer to go on.")
PICK_AT_MOST = N_("You picked too many. Pick up to {number}.")
PICK_ALONE = N_("You picked an answer that does not go with the others. Keep only that one, or only the others.")
RANK_ONCE = N_("You picked the same answer twice. Pick a different one for each place.")
RANK_IN_ORDER = N_("Fill first place before second, and second before third.")
NUMBER_BETWEEN = N_("Write a whole number from {number} to {most}.")
ONE_OR_OTHER = N_("You gave two answers, and only one can be kept. Keep one of them.")
WHOLE_DATE = N_("A part of the date is missing. Fill every box, or leave them all empty.")
DAY_BETWEEN = N_("The day is a number from {number} to {most}.")
MONTH_BETWEEN = N_("The month is a number from {number} to {most}.")
YEAR_BETWEEN = N_("The year is a number from {number} to {most}.")
NO_SUCH_DAY = N_("That month does not have so many days. Look at the day and the month.")
TOO_LONG = NN_(
    "Your answer is too long to send. Make it {number} letter. Your words are still here.",
    "Your answer is too long to send. Make it {number} letters or fewer. Your words are still here.",
)

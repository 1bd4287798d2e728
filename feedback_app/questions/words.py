"""The messages beside a field. Each says what to do, in the person's language."""

from feedback_app.questions.asked import N_

PICK_ONE = N_("Pick one answer to go on.")
PICK_AT_MOST = N_("You picked too many. Pick up to {number}.")
PICK_ALONE = N_("You picked an answer that does not go with the others. Keep only that one, or only the others.")
RANK_ONCE = N_("You picked the same answer twice. Pick a different one for each place.")
RANK_IN_ORDER = N_("Fill first place before second, and second before third.")
TOO_LONG = N_("Your answer is too long to send. Make it {number} letters or fewer. Your words are still here.")

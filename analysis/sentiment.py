"""Tell whether an English comment sounds pleased or displeased, or that it cannot be told. A hint, never a finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.clean import normalise, tokens
from analysis.corpus import Unsure


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# TextBlob weighs words one by one, so these words, which turn or bend what others say, make it wrong: it scores "I do
# not feel safe" +0.50. One anywhere in the comment is enough to abstain. Looking only in the sentence of the weighed
# word answered 2 in 100 more comments and was wrong more often. Apostrophes are taken out before comparing.
_TURNING = _words("""
    not no never none nothing nobody noone nowhere neither nor cannot cant dont doesnt didnt wont wouldnt isnt arent
    wasnt werent hasnt havent hadnt shouldnt couldnt mustnt aint innit without lack lacks lacked lacking hardly barely
    but however although though tho except apart unless yet despite instead too
""")

# "Better food" and "they should be kinder" use good words of what is absent. Without this rule one answer in six was
# wrong on comments to services; with it, one in fifteen.
_WISHING = _words("""
    should shouldve could couldve would wouldve wish wishes hope hoping if want wants wanted need needs needed please
    pls plz improve improved improvement more less better
""")

# Words of trouble that TextBlob's list gives no weight to, so "my good mate got bullied" would count as pleased.
_TROUBLE = _words("""
    scared scary worried worry worries unsafe bully bullied bullying bullies hurt hurts hurting ignored ignore ignores
    racist racism alone hungry hit hits hitting cry cried crying shout shouted shouting shouts fight fights fighting
    knife knives threaten threatened abuse abused abusive neglect neglected blame blamed judged excluded waiting waited
    wait locked stuck lost missed cancelled complain complaint struggle struggling stress stressed stressful anxious
    anxiety died die kill killed upset nervous unhappy grief
""")

# Words that TextBlob weighs and that rarely carry a feeling here ("the mental health team", "extremely kind" counted
# as sad). Where every weighed word is one of them, there is nothing to go on. Drawn from errors in one of the two sets
# of comments that tests/benchmarks/accuracy.py measures; the other set had not been looked at.
_EMPTY = _words("""
    extremely other past previous due down little mental seriously desperately sorry ill hard poorly long late first
    last right real really own whole full particular main general able sure recent next open close clear certain
    possible very much ok okay fine alright
""")

# Displeasure needs the stronger score: half of the scores between -0.1 and -0.3 were wrong, because few of the words
# that TextBlob counts down for are about displeasure.
_LEAST_PLEASED = 0.1
_LEAST_DISPLEASED = -0.3

# A word this far from zero on the other side makes a comment mixed.
_OTHER_SIDE = 0.05

# Nothing longer than about a page carries one feeling, and TextBlob is slow on long runs of punctuation.
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Score:
    """How a comment sounds. `polarity` runs from -1.0 (displeased) to 1.0 (pleased); `label` is its sign in words.

    There is no neutral label: a score near zero means that the word list saw nothing, not that a person was calm. On
    comments to services only 8 in 100 of those that TextBlob scored zero were neutral to the people who read them.
    """

    polarity: float
    label: Literal["positive", "negative"]


def read(text: str, language: str | None) -> Score | Unsure:
    """Score one comment, given the language it is written in (BCP-47; only English is scored).

    Gives Unsure, with a reason, for any other language and wherever TextBlob is known to be wrong: words that turn or
    bend others ("not", "but", "should"), both sides at once, trouble it has no word for, weak scores, no scored word.

    Source: TextBlob's pattern lexicon (De Smedt and Daelemans 2012); the rules of abstention are this project's own,
    measured by tests/benchmarks/accuracy.py.
    """
    if language is None:
        return Unsure("The language is not known, and only English can be scored.")
    if language.split("-")[0].casefold() != "en":
        return Unsure(f"Only English can be scored, and this is written in another language ({language}).")
    plain = normalise(text)
    words = {word.replace("'", "") for word in tokens(plain)}
    if not words:
        return Unsure("There are no words to score.")
    if len(plain) > _LONGEST:
        return Unsure("It is too long to carry one feeling.")
    for kind, why in ((_TURNING, "can turn the meaning of others"), (_WISHING, "speaks of what is wished for")):
        if found := sorted(words & kind):
            return Unsure(f'The word "{found[0]}" {why}.')
    return _scored(plain, words)


def _scored(plain: str, words: set[str]) -> Score | Unsure:
    # TextBlob takes two seconds to load, so it is loaded when the first comment needs it.
    from textblob import TextBlob

    blob = TextBlob(plain)
    # Each is (words, polarity, subjectivity, label); the label "mood" marks a typed smiley, which may be a joke.
    weighed = [
        (group, polarity) for group, polarity, _, label in blob.sentiment_assessments.assessments if label != "mood"
    ]
    telling = [polarity for group, polarity in weighed if polarity and not _EMPTY.issuperset(group)]
    if not telling:
        return Unsure("None of its words are on the list of words with a feeling.")
    if max(polarity for _, polarity in weighed) > _OTHER_SIDE and min(p for _, p in weighed) < -_OTHER_SIDE:
        return Unsure("It has words of both kinds.")
    polarity = float(blob.sentiment.polarity)
    if _LEAST_DISPLEASED < polarity < _LEAST_PLEASED:
        return Unsure("The feeling is too weak to tell.")
    if polarity > 0 and words & _TROUBLE:
        return Unsure("It has words of trouble beside pleased ones.")
    return Score(round(polarity, 3), "positive" if polarity > 0 else "negative")

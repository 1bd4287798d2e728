"""A comment is read in the language it is written in, whatever the page, and left unsure where nobody could tell."""

from __future__ import annotations

import subprocess
import sys

import pytest

from analysis.corpus import Unsure
from analysis.language import LanguageModel, Reading

# A few sentences of the kind a catalogue holds, invented for this test. The application has some hundreds.
SAMPLES = {
    "en": """
        Do people listen to you? | How safe do you feel at school? | What would make your area safer? | I feel
        safe at home. | You can stop at any time and skip any question. | We will not ask your name. | Nobody
        will be cross with you. | Thank you for telling us what you think. | The people who help me keep their
        promises. | Is there anything else? | They tell me what is going on and why things happen. | Someone
        at school or at home can help you to write this. | What do you want to change? | Please do not write
        names or addresses. | Your answers help us to make things better. | I have an adult I can talk to when
        something is wrong. | How often do you see the same worker? | I like my school. | The teachers are
        kind and they help us with our work. | If you are in danger now, call the police. | Most of the time I
        am happy with the help that we get. | My friends and my family live near here.
    """,
    "pl": """
        Czy ludzie ciebie słuchają? | Jak bezpiecznie czujesz się w szkole? | Co sprawiłoby, że okolica byłaby
        bezpieczniejsza? | Czuję się bezpiecznie w domu. | Możesz przerwać w każdej chwili i pominąć każde
        pytanie. | Nie zapytamy o twoje imię. | Nikt nie będzie na ciebie zły. | Dziękujemy, że mówisz nam, co
        myślisz. | Ludzie, którzy mi pomagają, dotrzymują słowa. | Mówią mi, co się dzieje i dlaczego. | Ktoś
        w szkole lub w domu może ci pomóc to napisać. | Co chcesz zmienić? | Nie podawaj imion ani adresów. |
        Twoje odpowiedzi pomagają nam działać lepiej. | Czy jest coś jeszcze? | Mam dorosłego, z którym mogę
        porozmawiać, gdy coś jest nie tak. | Jak często widzisz tego samego pracownika? | Nauczyciele są mili
        i pomagają nam w nauce. | Jeśli grozi ci niebezpieczeństwo, zadzwoń na policję. | Zwykle jestem
        zadowolony z pomocy, którą dostajemy. | Moi przyjaciele i rodzina mieszkają niedaleko. | Lubię szkołę.
    """,
    "sk": """
        Počúvajú ťa ľudia? | Ako bezpečne sa cítiš v škole? | Čo by urobilo tvoje okolie bezpečnejším? | Doma
        sa cítim bezpečne. | Môžeš kedykoľvek prestať a preskočiť každú otázku. | Nebudeme sa pýtať na tvoje
        meno. | Nikto sa na teba nebude hnevať. | Ďakujeme, že nám hovoríš, čo si myslíš. | Ľudia, ktorí mi
        pomáhajú, držia slovo. | Je ešte niečo? | Povedia mi, čo sa deje a prečo. | Niekto v škole alebo doma
        ti môže pomôcť toto napísať. | Čo chceš zmeniť? | Nepíš mená ani adresy. | Tvoje odpovede nám pomáhajú
        robiť veci lepšie. | Ako často vidíš toho istého pracovníka? | Mám dospelého, s ktorým sa môžem
        porozprávať, keď niečo nie je v poriadku. | Učitelia sú milí a pomáhajú nám s učením. | Ak si v
        nebezpečenstve, zavolaj políciu. | Väčšinou som spokojný s pomocou, ktorú dostávame. | Mám rád školu.
        | Moji kamaráti a moja rodina bývajú blízko.
    """,
    "ur": """
        کیا لوگ آپ کی بات سنتے ہیں؟ | آپ اسکول میں کتنا محفوظ محسوس کرتے ہیں؟ | میں گھر میں محفوظ محسوس کرتا
        ہوں۔ | آپ کسی بھی وقت رک سکتے ہیں اور کوئی بھی سوال چھوڑ سکتے ہیں۔ | ہم آپ کا نام نہیں پوچھیں گے۔ |
        کوئی آپ سے ناراض نہیں ہوگا۔ | ہمیں اپنی رائے بتانے کا شکریہ۔ | جو لوگ میری مدد کرتے ہیں وہ اپنا وعدہ
        پورا کرتے ہیں۔ | کیا کچھ اور ہے؟ | وہ مجھے بتاتے ہیں کہ کیا ہو رہا ہے اور کیوں۔ | اسکول یا گھر میں
        کوئی آپ کی لکھنے میں مدد کر سکتا ہے۔ | آپ کیا بدلنا چاہتے ہیں؟ | براہ کرم نام یا پتے نہ لکھیں۔ | اگر
        آپ خطرے میں ہیں تو پولیس کو فون کریں۔
    """,
}


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel.train({code: text.split("|") for code, text in SAMPLES.items()})


@pytest.mark.parametrize("page", ["en", "ur", "pl", "sk", None])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the people at school do not listen to me"),
        ("pl", "ludzie w szkole nie słuchają co mówię"),
        ("sk", "ľudia v škole ma nepočúvajú a bojím sa"),
        ("ur", "اسکول میں کوئی میری بات نہیں سنتا"),
    ],
)
def test_people_are_read_in_the_language_they_write_whatever_the_page(
    model: LanguageModel, language: str, text: str, page: str | None
) -> None:
    reading = model.read(text, page)
    assert isinstance(reading, Reading), reading
    assert reading.language == language
    assert reading.source == "text"
    assert reading.margin > 0


def test_words_without_accents_are_still_read(model: LanguageModel) -> None:
    reading = model.read("ludia v skole ma nepocuvaju", "en")
    assert isinstance(reading, Reading)
    assert reading.language == "sk"


@pytest.mark.parametrize("nothing", ["", "   ", "\U0001f600\U0001f622", "12345 07700", "?!...", "\u200b\u202e", "١٢٣"])
def test_without_letters_there_is_no_language_even_on_a_known_page(model: LanguageModel, nothing: str) -> None:
    assert model.read(nothing, "en") == Unsure("There are no letters to read.")


def test_a_word_or_two_say_nothing_alone_and_are_taken_for_the_language_of_the_page(model: LanguageModel) -> None:
    assert isinstance(model.read("ok"), Unsure)
    assert model.read("ok", "pl") == Reading("pl", 0.0, "declared")
    assert model.read("ok", "en-GB") == Reading("en", 0.0, "declared")


def test_a_short_word_in_another_script_is_not_taken_for_the_language_of_the_page(model: LanguageModel) -> None:
    reading = model.read("نہیں", "en")
    assert not (isinstance(reading, Reading) and reading.language == "en")


@pytest.mark.parametrize(
    "text",
    [
        "你好 我不喜欢学校",
        "мне страшно дома",
        "qwrtpsdfghjkl zxcvbnm qwrtp",
        pytest.param("a" * 65_536, id="one letter"),
        "ئەوان گوێم لێ ناگرن لە قوتابخانە",
    ],
)
def test_a_language_it_was_not_taught_is_left_unsure(model: LanguageModel, text: str) -> None:
    unsure = model.read(text, "en")
    assert isinstance(unsure, Unsure)
    assert "en, pl, sk, ur" in unsure.reason


def test_the_page_is_believed_when_its_language_was_not_taught_and_the_text_does_not_speak_against_it(
    model: LanguageModel,
) -> None:
    assert model.read("me na džanav so te kerav akana", "rmc") == Reading("rmc", 0.0, "declared")
    english = model.read("I want people to listen to me at school", "rmc")
    assert isinstance(english, Reading)
    assert english.language == "en"


def test_the_unsure_say_why_without_the_persons_words(model: LanguageModel) -> None:
    unsure = model.read("xylophone zyzzyva pneumonoultramicroscopic", None)
    assert isinstance(unsure, Unsure)
    assert "xylophone" not in unsure.reason


def test_places_for_values_and_marks_are_not_learnt() -> None:
    model = LanguageModel.train({"en": ["Hello {zzzz} <b>%(qqqq)s you"], "pl": ["Witaj {zzzz} znowu"]})
    assert "q" not in model.alphabet


def test_what_cannot_be_learnt_from_is_named() -> None:
    with pytest.raises(ValueError, match="no sentences to learn from for: pl, sk"):
        LanguageModel.train({"en": ["Hello"], "sk": [], "pl": ["123"]})
    with pytest.raises(ValueError, match="two languages"):
        LanguageModel.train({"en": ["Hello"]})


def test_chances_of_the_next_letter_add_up_to_one(model: LanguageModel) -> None:
    """Otherwise one language would be favoured over another for no reason."""
    letters = model.letters["en"]
    for context in ("", "t", "th", " sch", "qq"):
        total = 0.0
        for letter in [*model.alphabet, "\u0000"]:
            weight, start = 1.0, context
            while start and start + letter not in letters.runs:
                weight *= 2.718281828459045 ** letters.fall_back.get(start, 0.0)
                start = start[1:]
            if start + letter in letters.runs:
                total += weight * 2.718281828459045 ** letters.runs[start + letter]
            else:
                total += weight * 2.718281828459045 ** (letters.fall_back[""] + letters.runs[""])
        assert total == pytest.approx(1.0, abs=1e-6), context


def test_the_module_loads_without_the_heavy_libraries() -> None:
    check = "import sys, analysis.language; sys.exit(any(m in sys.modules for m in ('numpy', 'sklearn', 'textblob')))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
